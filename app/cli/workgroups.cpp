// The command `workgroups`, a client of `serve`.

#include "app/cli/number_checks.hpp"
#include "app/cli/task_answers.hpp"
#include "app/cli/task_commands.hpp"
#include "app/text/amounts.hpp"
#include "messages/task/limits.hpp"
#include "transport/http/url.hpp"

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator workgroups
  apify-orchestrator workgroups limit shop.example --concurrency 3
  apify-orchestrator workgroups limit api --rate 5 --burst 10
  apify-orchestrator workgroups limit --channel resize --concurrency 2
  apify-orchestrator workgroups unlimit api
  apify-orchestrator tasks why TASK

Tasks of one workgroup share its limits, on whatever channels they are: at most
so many with workers at a time, and a bucket of tokens of which each task takes
one when it is handed out. `tasks create --workgroup` puts a task into one. Limits
survive a restart, and so does what is spent.)";

template <class T>
std::string or_dash(const std::optional<T>& x) {
  return x ? fmt::format("{}", *x) : "-";
}

void print_limits(const std::vector<limit_standing>& xs) {
  using align = table::align;
  table out{{{"NAME"},
             {"WITH WORKERS", align::right},
             {"OF", align::right},
             {"PER SECOND", align::right},
             {"BURST", align::right},
             {"TOKENS", align::right},
             {"WAITING", align::right},
             {"BLOCKED"}}};
  for (const auto& x : xs)
    out.add({x.name, print_count(x.running), or_dash(x.concurrency),
             or_dash(x.rate_per_sec), or_dash(x.burst),
             x.tokens ? fmt::format("{:.1f}", *x.tokens) : "-",
             print_count(x.waiting), x.blocked.value_or("-")});
  print(out);
}

struct limit_flags {
  std::string name;
  bool is_channel = false;
  task_limits limits;
};

std::string path_of(const limit_flags& x) {
  return fmt::format("/api/v1/{}/{}/limits",
                     x.is_channel ? "channel" : "workgroup",
                     http::percent_encode(x.name));
}

/// Adds a verb about one workgroup or channel.
template <class F>
CLI::App* add_verb(CLI::App& parent, command_action& action, const char* verb,
                   const char* doc, std::shared_ptr<limit_flags> x, F f) {
  auto* command = parent.add_subcommand(verb, doc);
  command->add_option("NAME", x->name, "Which workgroup.")->required();
  command->add_flag("--channel", x->is_channel, "NAME is that of a channel.");
  auto flags = add_client_flags(*command);
  command->callback([=, &action] { action = [=] { return f(*flags, *x); }; });
  return command;
}

int show(const client_flags& flags, const limit_flags& x) {
  return print_one<limit_standing>(flags, connect(flags)->get(path_of(x)),
                                   print_limits);
}

int limit(const client_flags& flags, const limit_flags& x) {
  return print_one<limit_standing>(
    flags, connect(flags)->put(path_of(x), to_json(x.limits)), print_limits);
}

int unlimit(const client_flags& flags, const limit_flags& x) {
  auto body = connect(flags)->remove(path_of(x));
  if (!body)
    return fail(body.error());
  if (flags.json)
    fmt::print("{}\n", *body);
  return all_succeeded;
}

int list(const client_flags& flags, bool channels) {
  auto body = connect(flags)->get(channels ? "/api/v1/channel_limits"
                                           : "/api/v1/workgroups");
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto found = from_json<limit_standings>(*body);
  if (!found)
    return fail(found.error());
  if (found->items.empty())
    fmt::print("Nothing is limited.\n");
  else
    print_limits(found->items);
  return all_succeeded;
}

void add_limit(CLI::App& parent, command_action& action) {
  auto x = std::make_shared<limit_flags>();
  auto* command = add_verb(parent, action, "limit",
                           "Limits how many tasks are handed out, in place of "
                           "limits there were.",
                           x, limit);
  command
    ->add_option("--concurrency", x->limits.concurrency,
                 "So many may be with workers at a time.")
    ->check(above_zero);
  command
    ->add_option("--rate", x->limits.rate_per_sec,
                 "So many tokens come back a second; 0.1 is one in ten "
                 "seconds.")
    ->check(above_zero);
  command
    ->add_option("--burst", x->limits.burst,
                 "So many tokens there are at most; what comes back in a "
                 "second if not given.")
    ->check(above_zero);
}

} // namespace

void add_workgroups(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "workgroups", "Shows limits of workgroups and channels; sets them.");
  command->footer(examples);
  auto* listing = command->add_subcommand("list", "Lists what has limits.");
  auto channels = std::make_shared<bool>(false);
  listing->add_flag("--channels", *channels, "Channels, not workgroups.");
  auto list_flags = add_client_flags(*listing);
  listing->callback(
    [=, &action] { action = [=] { return list(*list_flags, *channels); }; });
  add_verb(*command, action, "show", "Shows limits, and what they hold up.",
           std::make_shared<limit_flags>(), show);
  add_limit(*command, action);
  add_verb(*command, action, "unlimit", "Removes limits.",
           std::make_shared<limit_flags>(), unlimit);
  auto flags = add_client_flags(*command);
  command->callback([=, &action] {
    if (command->get_subcommands().empty())
      action = [=] { return list(*flags, false); };
  });
}

} // namespace orc::app
