#include "app/cli/client_flags.hpp"
#include "app/progress/run_list.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace orc::app {

namespace {

struct status_flags {
  std::string states;
  std::uint32_t limit = 100;
};

caf::expected<std::vector<run>>
named_runs(api_client& client, const std::string& space,
           const std::vector<std::string>& names) {
  std::vector<run> result;
  for (const auto& name : names) {
    auto body = client.get(api_client::path_of({space, name}));
    if (!body)
      return about(name, body.error());
    auto known = from_json<run>(*body);
    if (!known)
      return known.error();
    result.push_back(std::move(*known));
  }
  return result;
}

caf::expected<std::vector<run>>
newest_runs(api_client& client, const std::string& space,
            const status_flags& x) {
  std::vector<run> result;
  std::string cursor;
  do {
    http::query_builder query;
    query.add("limit", std::min<std::int64_t>(x.limit - result.size(), 1000));
    query.add("namespace", space);
    if (!x.states.empty())
      query.add("state", x.states);
    if (!cursor.empty())
      query.add("cursor", cursor);
    auto body = client.get("/api/v1/runs" + query.str());
    if (!body)
      return body.error();
    auto page = from_json<run_page>(*body);
    if (!page)
      return page.error();
    for (auto& item : page->items)
      result.push_back(std::move(item));
    cursor = page->next_cursor.value_or("");
  } while (!cursor.empty() && result.size() < x.limit);
  return result;
}

int status(const client_flags& flags, const std::vector<std::string>& names,
           const status_flags& x) {
  auto client = connect(flags);
  auto runs = names.empty() ? newest_runs(*client, flags.space, x)
                            : named_runs(*client, flags.space, names);
  if (!runs)
    return fail(runs.error());
  if (flags.json)
    for (const auto& one : *runs)
      fmt::print("{}\n", to_json(one));
  else if (runs->empty())
    fmt::print("There are no runs.\n");
  else
    print_runs(*runs);
  return all_succeeded;
}

} // namespace

void add_status(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "status", "Shows runs of a service: those named, or the newest.");
  auto names = add_names(*command);
  auto x = std::make_shared<status_flags>();
  command
    ->add_option("--state", x->states,
                 "Only these, divided by commas: queued, "
                 "starting, running, finished, "
                 "cancelled, refused, lost.")
    ->type_name("STATE");
  command->add_option("--limit", x->limit, "How many at most.")
    ->check(CLI::Range(1U, 1'000'000U))
    ->type_name("N")
    ->capture_default_str();
  auto flags = add_client_flags(*command);
  command->footer("Examples:\n  apify-orchestrator status\n"
                  "  apify-orchestrator status job-1/3 --json\n"
                  "  apify-orchestrator status --state queued --limit 10");
  command->callback(
    [=, &action] { action = [=] { return status(*flags, *names, *x); }; });
}

} // namespace orc::app
