#include "app/actor/actor_job.hpp"

#include "app/actor/actor_report.hpp"
#include "app/cli/exit_code.hpp"
#include "app/service/interrupts.hpp"
#include "app/text/amounts.hpp"
#include "embedding/ask.hpp"
#include "embedding/shutdown.hpp"
#include "messages/base/log.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <thread>

namespace orc::app {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"actor"};

constexpr std::size_t chunk_size = 1000;

constexpr auto refresh_interval = 200ms;

/// The platform's own SDKs wait no longer either.
constexpr auto longest_migration = 300s;

std::string farewell_text(const board_totals& x) {
  auto result = fmt::format("{} of {} succeeded",
                            print_count(x.succeeded, "run"), x.runs);
  if (x.failed > 0)
    result += fmt::format(", {} did not", x.failed);
  if (auto left = x.queued + x.live; left > 0)
    result += fmt::format(", {} are not done", left);
  return result;
}

} // namespace

actor_job::actor_job(service& host, const actor_plan& work, const home& where,
                     platform_actor platform, interrupts& stop)
  : host_{host}, plan_{work}, home_{where}, platform_{std::move(platform)},
    stop_{stop}, board_{work.work.names()}, view_{line_view(now())}, feed_{
                                                                       host} {
  stop_.on_request([this] { caf::anon_send(platform_, termination_asked{}); });
  host_.on_death([this] {
    died_ = true;
    feed_.wake();
  });
  watch_departure();
}

actor_job::~actor_job() {
  stop_.on_request(nullptr);
  host_.on_death(nullptr);
  shut_down(host_.system(), {watcher_});
}

void actor_job::watch_departure() {
  watcher_
    = host_.system().spawn([this, note = departure_, platform = platform_](
                             caf::event_based_actor* self) {
        self->request(platform, caf::infinite, await_departure{})
          .then(
            [=, this](const departure_due& x) {
              note->why = x.why;
              note->due = true;
              feed_.wake();
            },
            [](const caf::error& err) {
              log.warn("platform-gone", "error=\"{}\"", message_of(err));
            });
        return caf::behavior{[](caf::unit_t) {
          // It listens to nothing but the answer.
        }};
      });
}

bool actor_job::must_leave() const {
  return departure_->due || died_;
}

int actor_job::run() {
  auto problem = submit();
  if (problem && code_of(problem) != ec::stopping)
    return end(message_of(problem), some_failed);
  while (!board_.complete() && !must_leave()) {
    view_->refresh(board_);
    take_in_events(refresh_interval);
  }
  view_->close();
  return board_.complete() ? finish() : leave();
}

caf::error actor_job::submit() {
  const auto& work = plan_.work;
  for (std::size_t done = 0; done < work.size() && !must_leave();) {
    submit_runs request;
    request.runs = work.requests(done, chunk_size);
    request.retry_failed = plan_.input.retry_failed;
    request.fixed_input = plan_.input.fixed_input;
    done += request.runs.size();
    auto answer = ask<submitted_runs>(host_.system(), host_.orchestrator(),
                                      std::move(request));
    if (!answer)
      return std::move(answer.error());
    take_in(*answer);
    take_in_events(0ms);
  }
  return {};
}

void actor_job::take_in(const submitted_runs& answer) {
  for (const auto& x : answer.runs) {
    if (x.joined)
      board_.mark_joined(x.run);
    // An event that overtook the answer knows more than it.
    if (!board_.knows(x.run) && board_.update(x.run))
      view_->changed(event_kind::ended, x.run);
  }
}

void actor_job::take_in_events(std::chrono::milliseconds at_most) {
  for (const auto& event : feed_.take(at_most)) {
    if (!board_.contains(event.run))
      continue;
    auto ended = board_.update(event.run);
    if (ended || event.kind != event_kind::ended)
      view_->changed(event.kind, event.run);
  }
}

// -- the end ------------------------------------------------------------------

int actor_job::leave() {
  if (died_ && !host_.is_taken_over())
    return end("An internal part stopped, see the log; a resurrected run takes "
               "up where this one stopped",
               some_failed);
  if (died_ || departure_->why == departure::migration) {
    log.info("waiting-to-be-killed", "what runs goes on meanwhile");
    wait_to_be_killed();
    return some_failed;
  }
  take_in_events(0ms);
  if (auto err = report())
    log.error("report-failed", "error=\"{}\"", message_of(err));
  return end("Aborted: " + farewell_text(board_.totals()), interrupted);
}

/// Whoever ends well during a migration is not started again.
void actor_job::wait_to_be_killed() {
  std::this_thread::sleep_for(longest_migration);
}

int actor_job::finish() {
  if (auto err = report())
    return end("The report could not be written: " + message_of(err),
               some_failed);
  const auto& totals = board_.totals();
  return end(farewell_text(totals),
             totals.succeeded == totals.runs ? all_succeeded : some_failed);
}

caf::error actor_job::report() {
  actor_report result{host_, plan_.work, home_};
  if (plan_.input.output == actor_output::report)
    if (auto err = result.push_items())
      return err;
  return result.put_output(board_.totals());
}

int actor_job::end(const std::string& farewell, int code) {
  fmt::print("{}\n", farewell);
  std::fflush(stdout);
  auto said = ask<farewell_said>(host_.system(), platform_,
                                 say_farewell{farewell}, 11s);
  if (!said)
    log.warn("farewell-unsaid", "error=\"{}\"", message_of(said.error()));
  return code;
}

} // namespace orc::app
