// Graphs that come into a group in one step: those that the completion of a
// task adds, and those that are made at once.

#include "actors/task/task_book.hpp"
#include "messages/task/object_id.hpp"

#include <algorithm>
#include <map>

namespace orc {

std::vector<task_book::key_type>
task_book::create_all(key_type group, const std::vector<task_child>& xs,
                      key_type parent, double delay_secs, change_tasks& out) {
  auto first = last_task_ + 1;
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < xs.size(); ++i)
    index.emplace(xs[i].child_id, i);
  // Children have the keys that follow, so a child may name one that comes
  // later.
  std::vector<key_type> result;
  for (const auto& child : xs) {
    std::vector<key_type> parents;
    for (const auto& name : child.parents)
      parents.push_back(first + index.at(name));
    auto is_direct = parents.empty();
    if (is_direct && parent != 0)
      parents.push_back(parent);
    auto is = child.task;
    auto given = is.parent_ids.value_or(std::vector<std::string>{});
    if (!parents.empty())
      is.parent_ids = given;
    for (auto key : parents)
      is.parent_ids->push_back(
        key == parent ? id_of(parent)
                      : make_object_id(orc::id_of::task, now_, store_, key));
    for (const auto& id : given)
      parents.push_back(key_of_object_id(id).value_or(0));
    if (delay_secs > 0 && (is_direct || !is.run_after)) {
      auto until = now_ + seconds_of(delay_secs);
      is.run_after = is.run_after ? std::max(*is.run_after, until) : until;
    }
    result.push_back(create(group, is, parents, out));
  }
  return result;
}

bool task_book::would_wait_for_itself(key_type key,
                                      std::vector<key_type> parents) const {
  // Upwards, since there are fewer of them: what is complete waits for nothing.
  std::set<key_type> seen;
  while (!parents.empty()) {
    auto next = parents.back();
    parents.pop_back();
    if (next == key)
      return true;
    auto known = tasks_.find(next);
    if (known == tasks_.end() || !seen.insert(next).second)
      continue;
    const auto& above = known->second.open_parents;
    parents.insert(parents.end(), above.begin(), above.end());
  }
  return false;
}

void task_book::delay_children(key_type parent, double secs,
                               change_tasks& out) {
  auto known = children_.find(parent);
  if (secs <= 0 || known == children_.end())
    return;
  auto until = now_ + seconds_of(secs);
  for (auto key : known->second)
    set_run_after(at(key), until, out);
}

} // namespace orc
