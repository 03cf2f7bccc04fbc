#include "app/service/heartbeat.hpp"

#include "app/service/notifier.hpp"
#include "messages/base/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace orc::app {

namespace {

using std::chrono::microseconds;
using namespace std::chrono_literals;

constexpr logger log{"heartbeat"};

/// How often recovery is looked at.
constexpr microseconds recovery_interval = 1s;

/// How long a step of recovery may take.
constexpr microseconds recovery_step = 60s;

/// After a trip that somebody did not answer: soon, since the next one may come
/// back in time.
constexpr microseconds second_try = 1s;

/// Without a watchdog only the status is kept up to date.
constexpr microseconds status_interval = 10s;

/// What has been told.
struct told {
  std::string status;
  std::uint64_t recovered = 0;
};

std::string describe_health(const health& x) {
  if (x.phase == "recovering")
    return fmt::format("recovering: {} runs taken up", x.recovered);
  auto work
    = fmt::format("{} runs live, {} wait", x.backlog.live, x.backlog.queued);
  return x.ready ? work : fmt::format("not ready: {}; {}", x.reason, work);
}

microseconds interval_of(const notifier& supervisor, bool recovering) {
  auto result = supervisor.watchdog().value_or(2 * status_interval) / 2;
  return recovering ? std::min(result, recovery_interval) : result;
}

void tell(const notifier& supervisor, told& before, const health& x) {
  if (!x.answering)
    log.error("beat-missed", "error=\"{}\"", x.reason);
  else if (x.phase != "recovering")
    supervisor.beat();
  if (x.phase == "recovering" && x.recovered > before.recovered)
    supervisor.extend(recovery_step);
  before.recovered = x.recovered;
  auto status = describe_health(x);
  if (status != before.status)
    supervisor.status(status);
  before.status = status;
}

} // namespace

heartbeat_actor::behavior_type
heartbeat(heartbeat_actor::pointer self, health_actor orchestrator,
          std::shared_ptr<const notifier> supervisor) {
  auto before = std::make_shared<told>();
  // There is nobody to look after any more.
  self->monitor(orchestrator);
  self->set_down_handler([self](const caf::down_msg&) { self->quit(); });
  self->send(self, next_beat{});
  return {[=](next_beat) {
    auto at_most = supervisor->watchdog().value_or(2 * status_interval);
    auto again = [=](microseconds after) {
      self->delayed_send(self, after, next_beat{});
    };
    self->request(orchestrator, caf::duration{at_most}, check_health{})
      .then(
        [=](const health& x) {
          tell(*supervisor, *before, x);
          again(x.answering ? interval_of(*supervisor, x.phase == "recovering")
                            : second_try);
        },
        [=](const caf::error& x) {
          // No beat: the service manager counts them.
          log.error("beat-missed", "error=\"{}\"", message_of(x));
          again(second_try);
        });
  }};
}

} // namespace orc::app
