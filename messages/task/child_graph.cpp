#include "messages/task/child_graph.hpp"

#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <deque>
#include <map>

namespace orc {

namespace {

using index_map = std::map<std::string, std::size_t>;

caf::error
bad_child(std::string_view list, std::size_t index, std::string_view problem) {
  return make_error(ec::bad_field,
                    fmt::format("{}[{}].{}", list, index, problem));
}

caf::error index_children(const std::vector<task_child>& xs,
                          std::string_view list, index_map& result) {
  for (std::size_t i = 0; i < xs.size(); ++i)
    if (!xs[i].child_id.empty() && !result.emplace(xs[i].child_id, i).second)
      return bad_child(list, i,
                       fmt::format("_child_id: `{}` is the id of another "
                                   "child, too",
                                   xs[i].child_id));
  return {};
}

/// Takes children away whose parents are all taken away; what is left when
/// nothing more can be taken waits for itself.
caf::error check_order(const std::vector<task_child>& xs, std::string_view list,
                       const index_map& index) {
  std::vector<std::size_t> open(xs.size());
  std::vector<std::vector<std::size_t>> below(xs.size());
  std::deque<std::size_t> free;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    open[i] = xs[i].parents.size();
    for (const auto& parent : xs[i].parents)
      below[index.at(parent)].push_back(i);
    if (open[i] == 0)
      free.push_back(i);
  }
  std::size_t taken = 0;
  for (; !free.empty(); free.pop_front(), ++taken)
    for (auto i : below[free.front()])
      if (--open[i] == 0)
        free.push_back(i);
  if (taken == xs.size())
    return {};
  for (std::size_t i = 0; i < xs.size(); ++i)
    if (open[i] > 0)
      return bad_child(list, i, "_parent_ids: it would wait for itself");
  return {};
}

} // namespace

caf::error
check_children(const std::vector<task_child>& xs, std::string_view list) {
  index_map index;
  if (auto err = index_children(xs, list, index))
    return err;
  for (std::size_t i = 0; i < xs.size(); ++i)
    for (const auto& parent : xs[i].parents)
      if (!index.contains(parent))
        return bad_child(list, i,
                         fmt::format("_parent_ids: no child has the id `{}`",
                                     parent));
  return check_order(xs, list, index);
}

} // namespace orc
