// The commands `groups`, `tasks` and `channels`: task graphs, as clients of
// `serve`.

#include "app/cli/client_flags.hpp"
#include "app/text/amounts.hpp"
#include "app/text/json_argument.hpp"
#include "app/text/table.hpp"
#include "messages/json/crew_requests.hpp"
#include "messages/json/json.hpp"
#include "transport/http/url.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator groups create nightly
  apify-orchestrator tasks create GROUP --channel resize --input '{"file":"a.png"}'
  apify-orchestrator tasks list --group GROUP
  apify-orchestrator channels
  apify-orchestrator tasks dead --channel resize
  apify-orchestrator tasks redrive --channel resize
  apify-orchestrator groups pause GROUP)";

void print(const table& x) {
  for (const auto& line : x.lines())
    fmt::print("{}\n", line);
}

/// Reads the elements of a JSON array.
template <class T>
caf::expected<std::vector<T>> read_list(const std::string& text) {
  auto in = raw_object::read(fmt::format(R"({{"items":{}}})", text));
  if (!in)
    return std::move(in.error());
  std::vector<T> result;
  for (const auto& element :
       in->array("items").value_or(std::vector<std::string>{})) {
    auto one = from_json<T>(element);
    if (!one)
      return std::move(one.error());
    result.push_back(std::move(*one));
  }
  return result;
}

/// Prints the rows of an answer, or the answer itself with --json.
template <class T, class F>
int print_list(const client_flags& flags,
               const caf::expected<std::string>& body, F print_rows) {
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto items = read_list<T>(*body);
  if (!items)
    return fail(items.error());
  print_rows(*items);
  return all_succeeded;
}

template <class T, class F>
int print_one(const client_flags& flags, const caf::expected<std::string>& body,
              F print_rows) {
  if (!body)
    return fail(body.error());
  return print_list<T>(flags, flags.json ? *body : "[" + *body + "]",
                       print_rows);
}

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

/// A subcommand with one argument.
struct one_thing {
  CLI::App* command;
  std::shared_ptr<std::string> id = std::make_shared<std::string>();
  std::shared_ptr<client_flags> flags;

  one_thing(CLI::App& parent, const char* verb, const char* argument,
            const char* doc)
    : command{parent.add_subcommand(verb, doc)}, flags{
                                                   add_client_flags(*command)} {
    command->add_option(argument, *id, "Which.")->required();
  }
};

// -- groups -------------------------------------------------------------------

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

int remove(const client_flags& flags, const std::string& target) {
  auto body = connect(flags)->remove(target);
  if (!body)
    return fail(body.error());
  if (flags.json)
    fmt::print("{}\n", *body);
  return all_succeeded;
}

void add_remove(CLI::App& parent, command_action& action, const char* argument,
                const char* collection, const char* doc) {
  one_thing x{parent, "remove", argument, doc};
  auto path = std::string{collection};
  x.command->callback([=, &action] {
    action = [=] {
      return remove(*x.flags, fmt::format("/api/v1/{}/{}", path, *x.id));
    };
  });
}

// -- tasks --------------------------------------------------------------------

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
    command->require_option(1, 0);
  }
  command->add_option("--limit", x->limit, "How many at most; 0 for all.")
    ->capture_default_str();
  auto flags = add_client_flags(*command);
  command->callback([=, &action] {
    action = [=] {
      return print_list<task>(
        *flags, connect(*flags)->get(dead ? dead_path(*x) : list_path(*x)),
        print_tasks);
    };
  });
}

/// Gives every task that was given up attempts again.
int redrive(const client_flags& flags, const std::string& channel,
            std::int64_t attempts) {
  auto client = connect(flags);
  auto body = client->get(dead_path({"", channel, 0}));
  if (!body)
    return fail(body.error());
  auto dead = read_list<task>(*body);
  if (!dead)
    return fail(dead.error());
  for (const auto& x : *dead)
    if (auto done
        = client->post(fmt::format("/api/v1/task/{}/retry", x.id),
                       fmt::format(R"({{"remainingAttempts":{}}})", attempts));
        !done)
      return fail(done.error());
  if (flags.json)
    fmt::print(R"({{"redriven":{}}})"
               "\n",
               dead->size());
  else
    fmt::print("tasks that are tried again: {}\n", dead->size());
  return all_succeeded;
}

void add_redrive(CLI::App& parent, command_action& action) {
  auto* command = parent.add_subcommand(
    "redrive", "Gives tasks that were given up attempts again.");
  auto channel = std::make_shared<std::string>();
  auto attempts = std::make_shared<std::int64_t>(2);
  command->add_option("--channel", *channel, "Only those of this channel.");
  command->add_option("--attempts", *attempts, "How many they get.")
    ->check(CLI::PositiveNumber)
    ->capture_default_str();
  auto flags = add_client_flags(*command);
  command->callback([=, &action] {
    action = [=] { return redrive(*flags, *channel, *attempts); };
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

void add_groups(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "groups", "Shows groups of tasks; makes, pauses, resets and removes them.");
  auto flags = add_client_flags(*command);
  command->footer(examples);
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

void add_tasks(CLI::App& app, command_action& action) {
  auto* command
    = app.add_subcommand("tasks", "Makes tasks, shows them, tries them again.");
  command->footer(examples);
  command->require_subcommand(1);
  add_create_task(*command, action);
  add_list(*command, action, "list", "Lists tasks of a group or a channel.",
           false);
  add_list(*command, action, "dead",
           "Lists tasks that have failed and have no attempts left.", true);
  add_redrive(*command, action);
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

void add_channels(CLI::App& app, command_action& action) {
  auto* command
    = app.add_subcommand("channels", "Shows how the channels of tasks stand.");
  auto flags = add_client_flags(*command);
  command->footer(examples);
  command->callback([=, &action] {
    action = [=] {
      return print_list<task_channel>(
        *flags, connect(*flags)->get("/api/v1/channels"), print_channels);
    };
  });
}

} // namespace orc::app
