#include "transport/server/router.hpp"

#include "transport/http/url.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace orc::server {

namespace {

/// Takes the text before the next slash off the front.
std::string_view next_segment(std::string_view& path) {
  auto end = std::min(path.find('/', 1), path.size());
  auto result = path.substr(0, end);
  path.remove_prefix(end);
  return result;
}

bool fits(const route& x, std::string_view method) {
  return x.method == method || (x.method == "GET" && method == "HEAD");
}

void allow(const route& x, std::string& to) {
  to.append(to.empty() ? "" : ", ")
    .append(x.method == "GET" ? "GET, HEAD" : x.method);
}

/// All routes by the segments of their paths. One for all requests, since to
/// try a hundred patterns for each takes longer than most answers.
class route_tree {
public:
  explicit route_tree(const std::vector<route>& routes) {
    for (const auto& x : routes) {
      auto* at = &root_;
      for (auto rest = x.path; !rest.empty();) {
        auto segment = next_segment(rest);
        auto& next = segment.starts_with("/{") ? at->any : at->words[segment];
        if (!next)
          next = std::make_unique<node>();
        at = next.get();
      }
      at->routes.push_back(&x);
    }
  }

  match find(std::string_view method, std::string_view path) const {
    match result;
    segments taken;
    look(root_, method, path, taken, result);
    return result;
  }

private:
  using segments = std::vector<std::string_view>;

  struct node {
    std::map<std::string_view, std::unique_ptr<node>> words;
    std::unique_ptr<node> any;
    std::vector<const route*> routes;
  };

  static void look(const node& at, std::string_view method,
                   std::string_view rest, segments& taken, match& result) {
    if (result.found)
      return;
    if (rest.empty())
      return choose(at, method, taken, {}, result);
    // Crew's server takes a slash at the end, so its clients may send one.
    if (rest == "/")
      choose(at, method, taken, dialect::crew, result);
    auto segment = next_segment(rest);
    // What is written out goes before what stands for anything.
    if (auto word = at.words.find(segment); word != at.words.end())
      look(*word->second, method, rest, taken, result);
    if (!at.any || segment.size() < 2)
      return;
    taken.push_back(segment.substr(1));
    look(*at.any, method, rest, taken, result);
    taken.pop_back();
  }

  /// @param only for these clients; nothing: for all.
  static void
  choose(const node& at, std::string_view method, const segments& taken,
         std::optional<dialect> only, match& result) {
    for (const auto* candidate : at.routes) {
      if (only && candidate->speaks != *only)
        continue;
      if (fits(*candidate, method)) {
        result.found = candidate;
        return name_values(*candidate, taken, result.values);
      }
      allow(*candidate, result.allowed);
    }
  }

  static void
  name_values(const route& x, const segments& taken, path_values& to) {
    auto value = taken.begin();
    for (auto rest = x.path; !rest.empty();)
      if (auto segment = next_segment(rest); segment.starts_with("/{"))
        to.emplace(segment.substr(2, segment.size() - 3),
                   http::percent_decode(*value++));
  }

  node root_;
};

} // namespace

match find_route(const std::vector<route>& routes, std::string_view method,
                 std::string_view path) {
  if (&routes == &all_routes()) {
    static const route_tree tree{all_routes()};
    return tree.find(method, path);
  }
  return route_tree{routes}.find(method, path);
}

} // namespace orc::server
