#include "persistence/sqlite/task_steps.hpp"

#include "messages/base/error.hpp"
#include "persistence/sqlite/task_values.hpp"

namespace orc::sqlite {

namespace {

/// @returns when a worker was given the task.
timestamp handed_out_at(const change_tasks& request, std::uint64_t key) {
  for (const auto& x : request.changes)
    if (x.kind == task_change_kind::lease && x.key == key)
      return x.at;
  return now();
}

} // namespace

task_steps::task_steps(task_table& tasks, task_group_table& groups,
                       limit_table& limits, token_table& tokens)
  : tasks_{tasks}, groups_{groups}, limits_{limits}, tokens_{tokens} {
  // nop
}

stored_tasks task_steps::change(const change_tasks& request) {
  if (request.group)
    groups_.save(*request.group);
  for (const auto& x : request.spent)
    limits_.spend(x);
  if (!request.token.empty())
    note(request);
  return tasks_.change(request);
}

void task_steps::note(const change_tasks& request) {
  const auto& added = request.added;
  token_table::row made;
  if (added.empty() && !request.group) {
    made.first = request.show.empty() ? 0 : request.show.front();
    made.count = 1;
    made.at = handed_out_at(request, made.first);
  } else {
    made.group = request.group ? request.group->group.key : added.front().group;
    made.first = added.empty() ? 0 : added.front().key;
    made.count = added.size();
    made.at = now();
  }
  tokens_.note(request.token, made);
}

caf::expected<created_tasks> task_steps::find(const find_made& request) {
  auto made = tokens_.made(request.token);
  if (!made)
    return make_error(ec::not_found, "nothing was made under this token");
  created_tasks result;
  // What was made may have been removed since.
  if (auto found = groups_.show(made->group); !found.empty())
    result.group_id = found.front().id;
  for (auto key = made->first; key < made->first + made->count; ++key)
    if (tasks_.has(key))
      result.tasks.push_back(tasks_.show(key));
  return result;
}

task_book_summary task_steps::summary(const load_task_book& request) {
  auto result = groups_.summary(request);
  result.limits = limits_.load();
  return result;
}

} // namespace orc::sqlite
