#include "persistence/sqlite/task_steps.hpp"

#include "messages/base/error.hpp"
#include "persistence/sqlite/task_values.hpp"

namespace orc::sqlite {

namespace {

/// Nobody asks again after so long whether something was made.
constexpr std::chrono::hours token_age{24 * 30};

} // namespace

task_steps::task_steps(database& db, task_table& tasks,
                       task_group_table& groups, limit_table& limits)
  : tasks_{tasks}, groups_{groups}, limits_{limits},
    note_{db.prepare("INSERT INTO task_tokens VALUES (?1,?2,?3,?4,?5)")},
    forget_{db.prepare("DELETE FROM task_tokens WHERE created_at<?1")},
    find_{db.prepare("SELECT group_key, first, count FROM task_tokens "
                     "WHERE token=?1")} {
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
  auto group = request.group    ? request.group->group.key
               : !added.empty() ? added.front().group
                                : 0;
  auto at = now();
  forget_.run((at - token_age).millis);
  note_.run(std::string_view{request.token}, row_of(group),
            row_of(added.empty() ? 0 : added.front().key), row_of(added.size()),
            at.millis);
}

caf::expected<created_tasks> task_steps::find(const find_made& request) {
  created_tasks result;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t group = 0;
  if (auto row = find_.start(std::string_view{request.token}); row.next()) {
    group = static_cast<std::uint64_t>(row.integer(0));
    first = static_cast<std::uint64_t>(row.integer(1));
    count = static_cast<std::uint64_t>(row.integer(2));
  } else {
    return make_error(ec::not_found, "nothing was made under this token");
  }
  // What was made may have been removed since.
  if (auto found = groups_.show(group); !found.empty())
    result.group_id = found.front().id;
  for (auto key = first; key < first + count; ++key)
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
