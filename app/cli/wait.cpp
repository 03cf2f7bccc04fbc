#include "app/cli/client_flags.hpp"
#include "app/progress/run_table.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace orc::app {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

/// Shorter than what proxies between us and the service put up with.
constexpr seconds longest_poll{50};

constexpr seconds retry_pause{1};

/// As long as a service may take to start again, where no time-out says more.
constexpr std::chrono::minutes longest_silence{5};

/// Asks a service again and again, also while it is away.
class patient_client {
public:
  patient_client(const client_flags& flags, std::optional<seconds> timeout)
    : client_{connect(flags)}, has_timeout_{timeout.has_value()},
      deadline_{steady_clock::now() + timeout.value_or(year)} {
    // nop
  }

  /// Waits until a run is final or the time is up.
  caf::expected<run> wait_for(const run_ref& ref) {
    for (;;) {
      auto left = std::max(remaining(), seconds{0});
      auto poll = std::min(left, longest_poll);
      auto body = client_->get(
        api_client::path_of(ref, fmt::format("?waitSecs={}", poll.count())),
        poll);
      if (!body && is_passing(body.error()) && has_time()) {
        std::this_thread::sleep_for(std::min(remaining(), retry_pause));
        continue;
      }
      if (!body)
        return about(ref.name, body.error());
      heard_ = steady_clock::now();
      auto known = from_json<run>(*body);
      if (!known || is_final(known->state) || left <= seconds{0})
        return known;
    }
  }

private:
  // As good as for ever.
  static constexpr seconds year{31'536'000};

  seconds remaining() const {
    return std::chrono::ceil<seconds>(deadline_ - steady_clock::now());
  }

  /// What never answered is more likely not there than starting again.
  bool is_passing(const caf::error& why) {
    auto passes = may_pass(why) && (heard_ || code_of(why) == ec::answer_lost);
    if (passes && !std::exchange(told_, true))
      std::fputs(fmt::format("{}: asking again until it answers\n",
                             message_of(why))
                   .c_str(),
                 stderr);
    if (!heard_)
      heard_ = steady_clock::now();
    return passes;
  }

  bool has_time() const {
    return remaining() > seconds{0}
           && (has_timeout_ || steady_clock::now() < *heard_ + longest_silence);
  }

  std::unique_ptr<api_client> client_;
  bool has_timeout_;
  steady_clock::time_point deadline_;
  /// When it answered last, or was asked first.
  std::optional<steady_clock::time_point> heard_;
  bool told_ = false;
};

int wait(const client_flags& flags, const std::vector<std::string>& names,
         std::optional<std::uint32_t> timeout) {
  if (names.empty())
    return fail("give the NAME of a run at least");
  std::optional<seconds> limit;
  if (timeout)
    limit = seconds{*timeout};
  patient_client client{flags, limit};
  auto all = true;
  for (const auto& name : names) {
    auto known = client.wait_for({flags.space, name});
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
  auto timeout = std::make_shared<std::optional<std::uint32_t>>();
  command
    ->add_option("--timeout", *timeout,
                 "Wait no longer. A service that starts "
                 "again is asked again.")
    ->type_name("S");
  auto flags = add_client_flags(*command);
  command->footer("Example:\n  apify-orchestrator wait job-1 job-2 "
                  "--timeout 600 && echo done");
  command->callback(
    [=, &action] { action = [=] { return wait(*flags, *names, *timeout); }; });
}

} // namespace orc::app
