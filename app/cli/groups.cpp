// The commands `groups` and `channels`, clients of `serve`.

#include "app/cli/task_answers.hpp"
#include "app/text/amounts.hpp"
#include "messages/task/task.hpp"

namespace orc::app {

namespace {

void print_groups(const std::vector<task_group>& xs) {
  table out{{{"GROUP"}, {"NAME"}, {"CREATED"}, {"STATE"}}};
  for (const auto& x : xs)
    out.add({x.id, x.name.value_or("-"), to_string(x.created_at),
             x.is_paused ? "paused" : "working"});
  print(out);
}

void print_channels(const std::vector<task_channel>& xs) {
  using align = table::align;
  table out{{{"CHANNEL"},
             {"TASKS", align::right},
             {"COMPLETE", align::right},
             {"WITH WORKERS", align::right}}};
  for (const auto& x : xs)
    out.add({x.name, print_count(x.total), print_count(x.complete),
             print_count(x.assigned)});
  print(out);
}

void add_group_verb(CLI::App& parent, command_action& action, const char* verb,
                    const char* doc) {
  one_thing x{parent, verb, "GROUP", doc};
  auto path = std::string{verb};
  x.command->callback([=, &action] {
    action = [=] {
      return print_one<task_group>(
        *x.flags,
        connect(*x.flags)->post(
          fmt::format("/api/v1/task_group/{}/{}", *x.id, path), ""),
        print_groups);
    };
  });
}

} // namespace

void add_groups(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "groups", "Shows groups of tasks; makes, pauses, resets and removes them.");
  auto flags = add_client_flags(*command);
  command->footer(task_examples);
  one_thing made{*command, "create", "NAME", "Makes a group."};
  made.command->callback([=, &action] {
    action = [=] {
      return print_one<task_group>(
        *made.flags,
        connect(*made.flags)
          ->post("/api/v1/task_groups",
                 fmt::format(R"({{"name":{}}})", json_quote(*made.id))),
        print_groups);
    };
  });
  add_group_verb(*command, action, "pause",
                 "Hands out no task of a group any more.");
  add_group_verb(*command, action, "resume", "Hands tasks out again.");
  add_group_verb(*command, action, "reset",
                 "Makes all tasks of a group as if new; if it has seeds, "
                 "removes all others.");
  add_group_verb(*command, action, "retry",
                 "Gives attempts to tasks that have none left.");
  add_remove(*command, action, "GROUP", "task_group",
             "Removes a group and all its tasks.");
  command->callback([=, &action] {
    if (command->get_subcommands().empty())
      action = [=] {
        return print_list<task_group>(
          *flags, connect(*flags)->get("/api/v1/task_groups"), print_groups);
      };
  });
}

void add_channels(CLI::App& app, command_action& action) {
  auto* command
    = app.add_subcommand("channels", "Shows how the channels of tasks stand.");
  auto flags = add_client_flags(*command);
  command->footer(task_examples);
  command->callback([=, &action] {
    action = [=] {
      return print_list<task_channel>(
        *flags, connect(*flags)->get("/api/v1/channels"), print_channels);
    };
  });
}

} // namespace orc::app
