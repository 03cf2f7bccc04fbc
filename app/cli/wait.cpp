#include "app/cli/client_flags.hpp"
#include "app/progress/run_table.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace orc::app {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

/// Shorter than what proxies between us and the service put up with.
constexpr seconds longest_poll{50};

/// Waits until a run is final or the time is up.
caf::expected<run> wait_for(api_client& client, const run_ref& ref,
                            steady_clock::time_point deadline) {
  for (;;) {
    auto left
      = std::chrono::duration_cast<seconds>(deadline - steady_clock::now());
    auto poll = std::clamp(left, seconds{0}, longest_poll);
    auto body = client.get(
      api_client::path_of(ref, fmt::format("?waitSecs={}", poll.count())),
      poll);
    if (!body)
      return about(ref.name, body.error());
    auto known = from_json<run>(*body);
    if (!known || is_final(known->state) || steady_clock::now() >= deadline
        || left <= seconds{0})
      return known;
  }
}

int wait(const client_flags& flags, const std::vector<std::string>& names,
         std::uint32_t timeout) {
  if (names.empty())
    return fail("give the NAME of a run at least");
  auto client = connect(flags);
  auto deadline = steady_clock::now() + seconds{timeout};
  auto all = true;
  for (const auto& name : names) {
    auto known = wait_for(*client, {flags.space, name}, deadline);
    if (!known)
      return fail(known.error());
    if (flags.json)
      fmt::print("{}\n", to_json(*known));
    else
      fmt::print("{}\n", change_line(*known));
    std::fflush(stdout);
    all = all && succeeded(*known);
  }
  return all ? all_succeeded : some_failed;
}

} // namespace

void add_wait(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "wait", "Waits until runs are final; exit code 1 if one did not succeed.");
  auto names = add_names(*command);
  // A year, as good as for ever.
  auto timeout = std::make_shared<std::uint32_t>(31'536'000);
  command->add_option("--timeout", *timeout, "Wait no longer.")->type_name("S");
  auto flags = add_client_flags(*command);
  command->footer("Example:\n  apify-orchestrator wait job-1 job-2 "
                  "--timeout 600 && echo done");
  command->callback(
    [=, &action] { action = [=] { return wait(*flags, *names, *timeout); }; });
}

} // namespace orc::app
