#include "messages/json/schedule_target.hpp"

#include "messages/base/error.hpp"
#include "messages/json/crew_requests.hpp"
#include "messages/json/json.hpp"
#include "messages/task/child_graph.hpp"
#include "messages/task/object_id.hpp"
#include "messages/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

/// @returns `20261128T120000Z`, with milliseconds where there are any.
std::string compact(timestamp x) {
  auto text = to_string(x);
  if (x.millis % 1000 == 0)
    text.erase(text.find(".000"), 4);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

caf::error below(std::string_view what, const caf::error& why) {
  return make_error(code_of(why), fmt::format("{}.{}", what, message_of(why)));
}

/// A schedule that can never make its task is refused when it is made, where
/// somebody sees it.
caf::error check_task(const task_definition& x, std::string_view where) {
  if (!x.channel)
    return make_error(ec::bad_field,
                      fmt::format("{}.channel: is missing", where));
  if (x.parent_ids)
    for (const auto& id : *x.parent_ids)
      if (!key_of_object_id(id))
        return make_error(ec::bad_field,
                          fmt::format("{}.parentIds: must be ids of 24 "
                                      "hexadecimal digits, not `{}`",
                                      where, id));
  return {};
}

caf::expected<create_tasks> read_task(std::string_view text) {
  auto in = raw_object::read(text, "task");
  if (!in)
    return std::move(in.error());
  create_tasks result;
  result.group_id = in->text("taskGroupId").value_or("");
  if (in->problem())
    return in->problem();
  auto is = read_crew_task(text);
  if (!is)
    return below("task", is.error());
  if (auto err = check_task(*is, "task"))
    return err;
  result.tasks.push_back({std::move(*is), {}, {}});
  return result;
}

caf::expected<create_tasks> read_group(std::string_view text) {
  auto in = raw_object::read(text, "group");
  if (!in)
    return std::move(in.error());
  create_tasks result;
  result.group_name = in->text("name").value_or("");
  result.is_paused = in->flag("isPaused");
  auto list = std::string{in->raw("tasks")};
  if (in->problem())
    return in->problem();
  auto tasks = read_crew_tasks(list.empty() ? "[]" : list);
  if (!tasks)
    return below("group", tasks.error());
  if (tasks->empty())
    return make_error(ec::bad_field, "group.tasks: must not be empty");
  for (std::size_t i = 0; i < tasks->size(); ++i)
    if (auto err
        = check_task((*tasks)[i].task, fmt::format("group.tasks[{}]", i)))
      return err;
  if (auto err = check_children(*tasks, "group.tasks"))
    return err;
  result.tasks = std::move(*tasks);
  return result;
}

caf::expected<run_request> read_run(std::string_view text, std::string name) {
  auto result = from_json<run_request>(text);
  if (!result)
    return below("run", result.error());
  if (!result->name.empty())
    return make_error(ec::bad_field, "run.name: is made of the schedule's name "
                                     "and the time; leave it out");
  if (!result->token.reveal().empty())
    return make_error(ec::bad_field, "run.token: a schedule keeps no token; "
                                     "name a configured account instead");
  result->name = std::move(name);
  if (auto err = validate(*result, "run"))
    return err;
  return std::move(*result);
}

} // namespace

caf::expected<schedule_target>
read_schedule_target(const schedule_definition& x, timestamp created,
                     timestamp due) {
  auto given
    = int{!x.task.empty()} + int{!x.group.empty()} + int{!x.run.empty()};
  if (given != 1)
    return make_error(ec::bad_field, "give one of task, group and run");
  schedule_target result;
  if (!x.run.empty()) {
    auto run
      = read_run(x.run.view(), fmt::format("{}-{}", x.name, compact(due)));
    if (!run)
      return std::move(run.error());
    result.run = std::move(*run);
    return result;
  }
  result.is_one_task = !x.task.empty();
  auto tasks = result.is_one_task ? read_task(x.task.view())
                                  : read_group(x.group.view());
  if (!tasks)
    return std::move(tasks.error());
  if (tasks->group_name.empty())
    tasks->group_name = fmt::format("{} {}", x.name, to_string(due));
  tasks->token
    = fmt::format("schedule/{}/{}/{}", x.name, created.millis, due.millis);
  result.tasks = std::move(*tasks);
  return result;
}

} // namespace orc
