#include "messages/batches.hpp"

#include "app/cli/client_flags.hpp"
#include "app/progress/run_table.hpp"
#include "app/text/amounts.hpp"
#include "app/text/file_text.hpp"
#include "app/text/table.hpp"
#include "messages/json/json.hpp"
#include "transport/http/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace orc::app {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr auto examples = R"(Examples:
  apify-orchestrator batches submit nightly.json
  apify-orchestrator batches
  apify-orchestrator batches wait nightly --each
  apify-orchestrator batches retry nightly && apify-orchestrator batches wait nightly
  apify-orchestrator batches abort nightly

A document for `submit` looks like this; runs without a name are called
nightly-1, nightly-2 …; the same document again joins, a longer one adds runs:
  {"name": "nightly", "toleratedShare": 0.1,
   "runs": [{"actor": "acme/shop", "input": {"page": 1}}]}
Parts of a list that `split` has cut are a batch, too: its name is the prefix.)";

/// Shorter than what proxies between us and the service put up with.
constexpr seconds longest_poll{50};

std::string path_of(const run_ref& ref, const std::string& rest = "") {
  return api_client::path_of("run-batches", ref, rest);
}

std::string standing_of(const batch_view& x) {
  if (x.stopped)
    return "stopped: " + *x.stopped;
  return is_complete(x) ? "complete" : "working";
}

void print(const std::vector<batch_view>& xs) {
  using align = table::align;
  table out{{{"BATCH"},
             {"RUNS", align::right},
             {"ENDED", align::right},
             {"SUCCEEDED", align::right},
             {"FAILED", align::right},
             {"ITEMS", align::right},
             {"COST", align::right},
             {"STANDING"}}};
  for (const auto& x : xs)
    out.add({x.name, print_count(x.runs), print_count(x.ended),
             print_count(x.succeeded), print_count(x.failed),
             print_count(x.item_count), print_usd(x.usage_total_usd),
             standing_of(x)});
  for (const auto& line : out.lines())
    fmt::print("{}\n", line);
}

int print_answer(const client_flags& flags,
                 const caf::expected<std::string>& body) {
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto now = from_json<batch_view>(*body);
  if (!now)
    return fail(now.error());
  print({*now});
  return all_succeeded;
}

int list(const client_flags& flags) {
  auto body = connect(flags)->get(fmt::format(
    "/api/v1/run-batches?namespace={}", http::percent_encode(flags.space)));
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto found = from_json<batch_views>(*body);
  if (!found)
    return fail(found.error());
  if (found->items.empty())
    fmt::print("There are no batches in namespace {}.\n", flags.space);
  else
    print(found->items);
  return all_succeeded;
}

int submit(const client_flags& flags, const std::string& file) {
  auto text = read_file_or_input(file);
  if (!text)
    return fail(text.error());
  return print_answer(flags, connect(flags)->post("/api/v1/run-batches",
                                                  std::move(*text)));
}

int show(const client_flags& flags, const std::string& name) {
  return print_answer(flags, connect(flags)->get(path_of({flags.space, name})));
}

/// Prints each run as it ends.
caf::error print_each(api_client& client, const client_flags& flags,
                      const std::string& name) {
  return client.stream(path_of({flags.space, name}, "/ended"),
                       [&](const std::string& line) {
                         auto known = from_json<run>(line);
                         if (flags.json || !known)
                           fmt::print("{}\n", line);
                         else
                           fmt::print("{}\n", change_line(*known));
                         std::fflush(stdout);
                       });
}

caf::expected<batch_view> wait_for(api_client& client, const run_ref& ref,
                                   steady_clock::time_point deadline) {
  for (;;) {
    auto left
      = std::chrono::duration_cast<seconds>(deadline - steady_clock::now());
    auto poll = std::clamp(left, seconds{0}, longest_poll);
    auto body = client.get(
      path_of(ref, fmt::format("?waitSecs={}", poll.count())), poll);
    if (!body)
      return body.error();
    auto known = from_json<batch_view>(*body);
    if (!known || is_complete(*known) || left <= seconds{0})
      return known;
  }
}

int wait(const client_flags& flags, const std::string& name, bool each,
         std::uint32_t timeout) {
  auto client = connect(flags);
  auto deadline = steady_clock::now() + seconds{timeout};
  if (each)
    if (auto err = print_each(*client, flags, name))
      return fail(err);
  auto known = wait_for(*client, {flags.space, name}, deadline);
  if (!known)
    return fail(known.error());
  if (flags.json)
    fmt::print("{}\n", to_json(*known));
  else
    print({*known});
  return known->succeeded == known->runs ? all_succeeded : some_failed;
}

int change(const client_flags& flags, const std::string& name,
           const std::string& verb, const char* done) {
  auto body
    = connect(flags)->post(path_of({flags.space, name}, "/" + verb), "");
  if (!body)
    return fail(body.error());
  auto answer = from_json<batch_change>(*body);
  if (!answer)
    return fail(answer.error());
  if (flags.json)
    fmt::print("{}\n", *body);
  else
    fmt::print("{} {}\n", done, print_count(answer->count));
  return all_succeeded;
}

/// A subcommand that concerns one batch.
struct one_batch {
  CLI::App* command;
  std::shared_ptr<std::string> name = std::make_shared<std::string>();
  std::shared_ptr<client_flags> flags;

  one_batch(CLI::App& parent, const char* verb, const char* doc)
    : command{parent.add_subcommand(verb, doc)}, flags{
                                                   add_client_flags(*command)} {
    command->add_option("NAME", *name, "Which batch.")->required();
  }
};

void add_wait_below(CLI::App& parent, command_action& action) {
  one_batch x{parent, "wait",
              "Waits until all runs of a batch are final; exit code 1 if one "
              "did not succeed."};
  auto each = std::make_shared<bool>(false);
  // A year, as good as for ever.
  auto timeout = std::make_shared<std::uint32_t>(31'536'000);
  x.command->add_flag("--each", *each, "Print each run as it ends.");
  x.command->add_option("--timeout", *timeout, "Wait no longer.")
    ->type_name("S")
    ->excludes("--each");
  x.command->callback([=, &action] {
    action = [=] { return wait(*x.flags, *x.name, *each, *timeout); };
  });
}

void add_submit_below(CLI::App& parent, command_action& action) {
  auto* command = parent.add_subcommand(
    "submit", "Submits a batch, or more runs for one; sets its rules.");
  auto file = std::make_shared<std::string>();
  command->add_option("FILE", *file, "JSON document; - for standard input.")
    ->required();
  auto flags = add_client_flags(*command);
  command->callback(
    [=, &action] { action = [=] { return submit(*flags, *file); }; });
}

} // namespace

void add_batches(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "batches", "Shows batches of runs; submits, awaits, aborts and retries "
               "them.");
  auto flags = add_client_flags(*command);
  command->footer(examples);
  add_submit_below(*command, action);
  one_batch shown{*command, "show", "Shows how a batch stands."};
  shown.command->callback(
    [=, &action] { action = [=] { return show(*shown.flags, *shown.name); }; });
  add_wait_below(*command, action);
  one_batch ended{*command, "abort", "Aborts all runs that are not final."};
  ended.command->callback([=, &action] {
    action = [=] {
      return change(*ended.flags, *ended.name, "abort", "runs being aborted:");
    };
  });
  one_batch again{*command, "retry",
                  "Submits again what ended and did not succeed."};
  again.command->callback([=, &action] {
    action = [=] {
      return change(*again.flags, *again.name, "retry",
                    "runs submitted again:");
    };
  });
  command->callback([=, &action] {
    if (command->get_subcommands().empty())
      action = [=] { return list(*flags); };
  });
}

} // namespace orc::app
