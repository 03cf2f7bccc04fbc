// The command `tasks`, a client of `serve`.

#include "app/cli/number_checks.hpp"
#include "app/cli/task_answers.hpp"
#include "app/text/json_argument.hpp"
#include "messages/json/json.hpp"
#include "messages/task/bulk.hpp"
#include "messages/task/limits.hpp"
#include "transport/http/url.hpp"

#include <utility>

namespace orc::app {

namespace {

std::string state_of(const task& x) {
  if (x.is_complete)
    return "complete";
  if (x.assigned_to)
    return "with " + *x.assigned_to;
  if (x.is_paused)
    return "paused";
  if (x.remaining_attempts < 1)
    return "given up";
  if (!x.parents_complete && !x.parent_ids.empty())
    return "waits for its parents";
  if (x.run_after && *x.run_after > now())
    return "waits until " + to_string(*x.run_after);
  return "ready";
}

void print_tasks(const std::vector<task>& xs) {
  table out{{{"TASK"},
             {"CHANNEL"},
             {"NAME"},
             {"ATTEMPTS LEFT", table::align::right},
             {"STATE"}}};
  for (const auto& x : xs)
    out.add({x.id, x.channel.value_or("-"), x.name.value_or("-"),
             std::to_string(x.remaining_attempts), state_of(x)});
  print(out);
}

struct new_task_flags {
  std::string group;
  task_definition is;
  std::string name;
  std::string channel;
  std::string workgroup;
  std::string key;
  std::string input = "null";
  std::vector<std::string> parents;
};

std::optional<std::string> given(const std::string& x) {
  return x.empty() ? std::nullopt : std::optional{x};
}

int create(const client_flags& flags, new_task_flags x) {
  auto input = read_json_argument("--input", x.input);
  if (!input)
    return fail(input.error());
  x.is.name = given(x.name);
  x.is.channel = given(x.channel);
  x.is.workgroup = given(x.workgroup);
  x.is.key = given(x.key);
  x.is.input = json_text{std::move(*input)};
  if (!x.parents.empty())
    x.is.parent_ids = x.parents;
  return print_one<task>(
    flags,
    connect(flags)->post(fmt::format("/api/v1/task_group/{}/tasks", x.group),
                         to_json(x.is)),
    print_tasks);
}

void add_create_task(CLI::App& parent, command_action& action) {
  auto* command = parent.add_subcommand("create", "Makes a task in a group.");
  auto x = std::make_shared<new_task_flags>();
  command->add_option("GROUP", x->group, "Id of the group.")->required();
  command->add_option("--channel", x->channel, "Whose workers do it.")
    ->required();
  command->add_option("--name", x->name, "For people.");
  command->add_option("--input", x->input, "JSON, or @FILE.");
  command->add_option("--key", x->key, "Done as one with others of this key.");
  command->add_option("--workgroup", x->workgroup, "Delayed together.");
  command->add_option("--priority", x->is.priority, "Higher first.");
  command->add_option("--attempts", x->is.remaining_attempts,
                      "How often it may fail.");
  command->add_flag("--fail-on-lease-end", x->is.fails_on_lease_end,
                    "If its worker is lost, that is an attempt that failed: "
                    "for what must not be done twice, with --attempts 1.");
  command->add_option("--parent", x->parents, "Id of a task that comes first.");
  auto flags = add_client_flags(*command);
  command->callback(
    [=, &action] { action = [=] { return create(*flags, *x); }; });
}

struct list_flags {
  std::string group;
  std::string channel;
  std::int64_t limit = 50;
};

std::string list_path(const list_flags& x) {
  if (!x.group.empty())
    return fmt::format("/api/v1/task_group/{}/tasks?limit={}", x.group,
                       x.limit);
  return fmt::format("/api/v1/channel/{}/tasks?limit={}",
                     http::percent_encode(x.channel), x.limit);
}

std::string dead_path(const list_flags& x) {
  return fmt::format("/api/v1/dead_tasks?channel={}&limit={}",
                     http::percent_encode(x.channel), x.limit);
}

void add_list(CLI::App& parent, command_action& action, const char* verb,
              const char* doc, bool dead) {
  auto* command = parent.add_subcommand(verb, doc);
  auto x = std::make_shared<list_flags>();
  auto* channel
    = command->add_option("--channel", x->channel, "Only of this channel.");
  if (!dead) {
    auto* group
      = command->add_option("--group", x->group, "Only of this group.");
    group->excludes(channel);
  }
  command->add_option("--limit", x->limit, "How many at most; 0 for all.")
    ->capture_default_str();
  auto flags = add_client_flags(*command);
  command->callback([=, &action] {
    action = [=] {
      if (!dead && x->group.empty() && x->channel.empty())
        return fail("tasks list: give --group ID or --channel NAME; `groups` "
                    "and `channels` show those that there are");
      return print_list<task>(
        *flags, connect(*flags)->get(dead ? dead_path(*x) : list_path(*x)),
        print_tasks);
    };
  });
}

/// Without a list it is all that were given up: an empty one names none.
std::string body_of(const redrive_tasks& x) {
  std::vector<std::string> ids;
  for (const auto& id : x.ids)
    ids.push_back(json_quote(id));
  auto only = ids.empty() ? std::string{}
                          : fmt::format(R"(,"ids":[{}])", fmt::join(ids, ","));
  return fmt::format(
    R"({{"channel":{},"taskGroupId":{},"remainingAttempts":{}{}}})",
    json_quote(x.channel), json_quote(x.group_id), x.attempts, only);
}

/// Gives tasks that were given up attempts again.
int redrive(const client_flags& flags, const redrive_tasks& which) {
  auto body
    = connect(flags)->post("/api/v1/dead_tasks/redrive", body_of(which));
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto done = from_json<redriven_tasks>(*body);
  if (!done)
    return fail(done.error());
  fmt::print("tasks that are tried again: {}\n", done->count);
  return all_succeeded;
}

void add_redrive(CLI::App& parent, command_action& action) {
  auto* command = parent.add_subcommand(
    "redrive", "Gives tasks that were given up attempts again.");
  auto x = std::make_shared<redrive_tasks>();
  command->add_option("TASK", x->ids,
                      "Only these; all that were given up if none is named.");
  command->add_option("--channel", x->channel, "Only those of this channel.");
  command->add_option("--group", x->group_id, "Only those of this group.");
  command->add_option("--attempts", x->attempts, "How many they get.")
    ->check(above_zero)
    ->capture_default_str();
  auto flags = add_client_flags(*command);
  command->callback(
    [=, &action] { action = [=] { return redrive(*flags, *x); }; });
}

void print_standings(const std::vector<task_standing>& xs) {
  for (const auto& x : xs)
    fmt::print("{}: {}{}\n", name_of(x.state), x.reason,
               x.until ? fmt::format(" (until {})", to_string(*x.until)) : "");
}

void add_why(CLI::App& parent, command_action& action) {
  one_thing x{parent, "why", "TASK", "Says what a task waits for."};
  x.command->callback([=, &action] {
    action = [=] {
      return print_one<task_standing>(
        *x.flags,
        connect(*x.flags)->get(fmt::format("/api/v1/task/{}/why", *x.id)),
        print_standings);
    };
  });
}

void add_task_verb(CLI::App& parent, command_action& action, const char* verb,
                   const char* doc, bool by_post) {
  one_thing x{parent, verb, "TASK", doc};
  auto path = std::string{by_post ? verb : ""};
  x.command->callback([=, &action] {
    action = [=] {
      auto target = fmt::format("/api/v1/task/{}{}{}", *x.id,
                                path.empty() ? "" : "/", path);
      auto client = connect(*x.flags);
      return print_one<task>(
        *x.flags, by_post ? client->post(target, "") : client->get(target),
        print_tasks);
    };
  });
}

} // namespace

void add_tasks(CLI::App& app, command_action& action) {
  auto* command
    = app.add_subcommand("tasks", "Makes tasks, shows them, tries them again.");
  command->footer(task_examples);
  command->require_subcommand(1);
  add_create_task(*command, action);
  add_list(*command, action, "list", "Lists tasks of a group or a channel.",
           false);
  add_list(*command, action, "dead",
           "Lists tasks that have failed and have no attempts left.", true);
  add_redrive(*command, action);
  add_why(*command, action);
  add_task_verb(*command, action, "show",
                "Shows a task; all of it with "
                "--json.",
                false);
  add_task_verb(*command, action, "reset", "Makes a task as if new.", true);
  add_task_verb(*command, action, "retry", "Gives a task two more attempts.",
                true);
  add_remove(*command, action, "TASK", "task",
             "Removes a task, its children and theirs.");
}

} // namespace orc::app
