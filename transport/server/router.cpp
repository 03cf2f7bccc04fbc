#include "transport/server/router.hpp"

#include "transport/http/url.hpp"

#include <algorithm>
#include <optional>

namespace orc::server {

namespace {

/// Takes the text before the next slash off the front.
std::string_view next_segment(std::string_view& path) {
  auto end = std::min(path.find('/', 1), path.size());
  auto result = path.substr(0, end);
  path.remove_prefix(end);
  return result;
}

/// @returns what stands for the segments in braces, if the path fits.
std::optional<path_values>
fit(std::string_view pattern, std::string_view path) {
  path_values result;
  while (!pattern.empty() && !path.empty()) {
    auto expected = next_segment(pattern);
    auto given = next_segment(path);
    if (expected.starts_with("/{") && given.size() > 1)
      result.emplace(expected.substr(2, expected.size() - 3),
                     http::percent_decode(given.substr(1)));
    else if (expected != given)
      return std::nullopt;
  }
  return pattern.empty() && path.empty() ? std::optional{std::move(result)}
                                         : std::nullopt;
}

} // namespace

match find_route(const std::vector<route>& routes, std::string_view method,
                 std::string_view path) {
  match result;
  for (const auto& candidate : routes) {
    auto values = fit(candidate.path, path);
    if (!values)
      continue;
    result.allowed.append(result.allowed.empty() ? "" : ", ")
      .append(candidate.method == "GET" ? "GET, HEAD" : candidate.method);
    auto fits = candidate.method == method
                || (candidate.method == "GET" && method == "HEAD");
    if (fits && !result.found) {
      result.found = &candidate;
      result.values = std::move(*values);
    }
  }
  return result;
}

} // namespace orc::server
