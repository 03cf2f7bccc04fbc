// The command `schedules`, a client of `serve`.

#include "messages/schedule/schedules.hpp"

#include "app/cli/task_answers.hpp"
#include "app/cli/task_commands.hpp"
#include "app/text/amounts.hpp"
#include "app/text/json_argument.hpp"
#include "transport/http/url.hpp"

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator schedules add nightly --cron '15 2 * * *' \
    --time-zone Europe/Prague --run '{"actor": "apify/web-scraper", "input": {}}'
  apify-orchestrator schedules add tidy --every 600 --task '{"channel": "tidy"}'
  apify-orchestrator schedules add weekly --cron @weekly --group @graph.json
  apify-orchestrator schedules next --cron '0 9-17/2 * * mon-fri' --count 3
  apify-orchestrator schedules run nightly
  apify-orchestrator schedules pause nightly

Each time makes what the schedule makes once, whatever is killed meanwhile. Where
what was made last is not done, --overlap says what happens; which times count
that came while the service was down, --catch-up.)";

std::string times_of(const schedule_definition& x) {
  if (!x.cron)
    return fmt::format("every {} s", x.every_secs.value_or(0));
  return x.time_zone == "UTC" ? *x.cron
                              : fmt::format("{} {}", *x.cron, x.time_zone);
}

std::string what_of(const schedule_definition& x) {
  return !x.run.empty() ? "run" : !x.group.empty() ? "group" : "task";
}

void print_schedules(const std::vector<schedule_view>& xs) {
  using align = table::align;
  table out{{{"SCHEDULE"},
             {"MAKES"},
             {"WHEN"},
             {"NEXT"},
             {"MADE", align::right},
             {"SKIPPED", align::right},
             {"FAILED", align::right}}};
  for (const auto& x : xs)
    out.add({x.name, what_of(x.definition), times_of(x.definition),
             x.is_paused ? "paused"
             : x.next_at ? to_string(*x.next_at)
                         : "-",
             print_count(x.made), print_count(x.skipped),
             print_count(x.failed)});
  print(out);
}

std::string result_of(const schedule_fire& x) {
  if (x.error)
    return *x.error;
  if (x.run_name)
    return fmt::format("run {}", *x.run_name);
  if (x.task_id)
    return fmt::format("task {}", *x.task_id);
  return x.group_id ? fmt::format("group {}", *x.group_id)
                    : "what was made last was not done";
}

/// Shows one with what came of its last times.
void print_whole(const std::vector<schedule_view>& xs) {
  print_schedules(xs);
  for (const auto& x : xs) {
    if (x.fires.empty())
      continue;
    fmt::print("\n");
    table out{{{"DUE"}, {"DONE"}, {"OUTCOME"}, {"WHAT"}}};
    for (const auto& fire : x.fires)
      out.add({to_string(fire.due), to_string(fire.at),
               std::string{name_of(fire.outcome)}, result_of(fire)});
    print(out);
  }
}

std::string path_of(const std::string& name, const std::string& rest = "") {
  return "/api/v1/schedules/" + http::percent_encode(name) + rest;
}

struct new_schedule_flags {
  schedule_definition is;
  std::string overlap = "skip";
  std::string catch_up = "last";
  std::string task;
  std::string group;
  std::string run;
  bool replace = false;
};

int add(const client_flags& flags, new_schedule_flags x) {
  for (auto [name, text, to] : {std::tuple{"--task", &x.task, &x.is.task},
                                std::tuple{"--group", &x.group, &x.is.group},
                                std::tuple{"--run", &x.run, &x.is.run}}) {
    if (text->empty())
      continue;
    auto read = read_json_argument(name, *text);
    if (!read)
      return fail(read.error());
    *to = json_text{std::move(*read)};
  }
  x.is.overlap = parse_enum<overlap_policy>(x.overlap).value();
  x.is.catch_up = parse_enum<catch_up_policy>(x.catch_up).value();
  auto client = connect(flags);
  return print_one<schedule_view>(
    flags,
    x.replace ? client->put(path_of(x.is.name), to_json(x.is))
              : client->post("/api/v1/schedules", to_json(x.is)),
    print_schedules);
}

void add_times(CLI::App& command, std::optional<std::string>& cron,
               std::optional<std::uint64_t>& every, std::string& zone) {
  auto* times = command.add_option(
    "--cron", cron,
    "Minute, hour, day, month, day of the week; or @daily and the like.");
  command.add_option("--every", every, "Every so many seconds, instead.")
    ->type_name("S")
    ->excludes(times);
  command.add_option("--time-zone", zone, "Of --cron, such as Europe/Prague.")
    ->capture_default_str();
}

void add_add(CLI::App& parent, command_action& action) {
  auto* command = parent.add_subcommand("add", "Makes a schedule.");
  auto x = std::make_shared<new_schedule_flags>();
  command->add_option("NAME", x->is.name, "Its name.")->required();
  add_times(*command, x->is.cron, x->is.every_secs, x->is.time_zone);
  command->add_option("--task", x->task,
                      "Makes this task: JSON, or @FILE; `taskGroupId` in it "
                      "says where.");
  command->add_option("--group", x->group,
                      "Makes this group: {\"tasks\": [...]}, or @FILE.");
  command->add_option("--run", x->run, "Submits this run: JSON, or @FILE.");
  command
    ->add_option("--overlap", x->overlap,
                 "When what was made last is not done: skip, queue (one "
                 "waits), allow, or abort (that first).")
    ->check(CLI::IsMember({"skip", "queue", "allow", "abort"}))
    ->capture_default_str();
  command
    ->add_option("--catch-up", x->catch_up,
                 "Times that count that came while the service was down: "
                 "none, last or all.")
    ->check(CLI::IsMember({"none", "last", "all"}))
    ->capture_default_str();
  command
    ->add_option("--catch-up-window", x->is.catch_up_window_secs,
                 "None counts that is older.")
    ->type_name("S")
    ->capture_default_str();
  command
    ->add_option("--jitter", x->is.jitter_secs,
                 "Each time comes later by 0 to so many seconds.")
    ->type_name("S");
  command->add_flag("--paused", x->is.is_paused, "No time counts at first.");
  command->add_flag("--replace", x->replace,
                    "In place of one of this name, if there is one.");
  auto flags = add_client_flags(*command);
  command->callback([=, &action] { action = [=] { return add(*flags, *x); }; });
}

int list(const client_flags& flags) {
  auto body = connect(flags)->get("/api/v1/schedules");
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto found = from_json<schedule_views>(*body);
  if (!found)
    return fail(found.error());
  if (found->items.empty())
    fmt::print("There are no schedules.\n");
  else
    print_schedules(found->items);
  return all_succeeded;
}

void add_verb(CLI::App& parent, command_action& action, const char* verb,
              const char* doc) {
  one_thing x{parent, verb, "NAME", doc};
  auto path = fmt::format("/{}", verb);
  x.command->callback([=, &action] {
    action = [=] {
      return print_one<schedule_view>(
        *x.flags, connect(*x.flags)->post(path_of(*x.id, path), ""),
        path == "/run" ? print_whole : print_schedules);
    };
  });
}

void add_show(CLI::App& parent, command_action& action) {
  one_thing x{parent, "show", "NAME",
              "Shows a schedule, and what came of its last times."};
  x.command->callback([=, &action] {
    action = [=] {
      return print_one<schedule_view>(
        *x.flags, connect(*x.flags)->get(path_of(*x.id)), print_whole);
    };
  });
}

void add_removal(CLI::App& parent, command_action& action) {
  one_thing x{parent, "remove", "NAME",
              "Removes a schedule; what it made stays."};
  x.command->callback([=, &action] {
    action = [=] {
      auto body = connect(*x.flags)->remove(path_of(*x.id));
      return body ? all_succeeded : fail(body.error());
    };
  });
}

struct next_flags {
  std::string name;
  std::optional<std::string> cron;
  std::optional<std::uint64_t> every;
  std::string zone = "UTC";
  std::uint32_t count = 5;
};

int next(const client_flags& flags, const next_flags& x) {
  auto path = path_of(x.name, fmt::format("/next?count={}", x.count));
  if (x.cron)
    path = fmt::format("/api/v1/schedule_times?cron={}&timeZone={}&count={}",
                       http::percent_encode(*x.cron),
                       http::percent_encode(x.zone), x.count);
  else if (x.every)
    path = fmt::format("/api/v1/schedule_times?everySecs={}&count={}", *x.every,
                       x.count);
  else if (x.name.empty())
    return fail("schedules next: name a schedule, or give --cron or --every");
  auto body = connect(flags)->get(path);
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto found = from_json<schedule_times>(*body);
  if (!found)
    return fail(found.error());
  for (auto at : found->items)
    fmt::print("{}\n", to_string(at));
  return all_succeeded;
}

void add_next(CLI::App& parent, command_action& action) {
  auto* command = parent.add_subcommand(
    "next", "Shows the next times of a schedule, or of --cron or --every.");
  auto x = std::make_shared<next_flags>();
  command->add_option("NAME", x->name, "Which.");
  add_times(*command, x->cron, x->every, x->zone);
  command->add_option("--count", x->count, "So many.")
    ->check(CLI::Range(1, 100))
    ->capture_default_str();
  auto flags = add_client_flags(*command);
  command->callback(
    [=, &action] { action = [=] { return next(*flags, *x); }; });
}

} // namespace

void add_schedules(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "schedules", "Shows schedules; makes, pauses, runs and removes them.");
  command->footer(examples);
  add_add(*command, action);
  auto* listing = command->add_subcommand("list", "Lists all schedules.");
  auto list_flags = add_client_flags(*listing);
  listing->callback(
    [=, &action] { action = [=] { return list(*list_flags); }; });
  add_show(*command, action);
  add_verb(*command, action, "pause", "No time of it counts any more.");
  add_verb(*command, action, "resume", "Its times count again, from now on.");
  add_verb(*command, action, "run", "Makes at once what it makes.");
  add_removal(*command, action);
  add_next(*command, action);
  auto flags = add_client_flags(*command);
  command->callback([=, &action] {
    if (command->get_subcommands().empty())
      action = [=] { return list(*flags); };
  });
}

} // namespace orc::app
