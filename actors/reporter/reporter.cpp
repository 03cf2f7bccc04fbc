#include "actors/reporter/reporter.hpp"

#include "messages/base/log.hpp"
#include "messages/troubles.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

constexpr logger log{"reporter"};

using namespace std::chrono_literals;

/// A report asks the platform for item counts of live runs.
constexpr auto report_timeout = 2min;

std::string totals_line(const report& x) {
  std::string states;
  for (const auto& [state, count] : x.totals.states)
    states += fmt::format(" {}={}", state, count);
  return fmt::format("report uptime={}s{} items={} usd={:.4f}", x.uptime_secs,
                     states, x.totals.item_count, x.totals.usage_total_usd);
}

std::string account_line(const account_view& x) {
  return fmt::format("report-account account={} held={} limit={} live={} "
                     "queued={}",
                     x.name, x.memory_held,
                     x.memory_limit ? fmt::format("{}", *x.memory_limit) : "-",
                     x.runs_live, x.runs_queued);
}

std::string budget_line(const budget_view& x) {
  return fmt::format("report-budget budget={} spent={:.4f} reserved={:.4f} "
                     "cap={:.4f} waiting={}{}",
                     x.name, x.spent_usd, x.reserved_usd, x.cap_usd,
                     x.runs_waiting, x.warned ? " warned" : "");
}

/// @returns what happened to a run on its way, if anything did.
std::string trouble_line(const troubles& x) {
  std::string result;
  auto add = [&](std::string_view what, std::uint32_t count) {
    if (count > 0)
      result += fmt::format(" {}={}", what, count);
  };
  add("migrations", x.migrations);
  add("reboots", x.reboots);
  add("restarts", x.restarts);
  add("resurrections", x.resurrections);
  add("stuck", x.stuck);
  return result;
}

std::string run_line(const run& x) {
  return fmt::format("report-run name={} state={} status={} runId={} "
                     "attempts={} items={} usd={:.4f}{}",
                     x.name, name_of(x.state),
                     x.status ? name_of(*x.status) : "-",
                     x.run_id.value_or("-"), x.attempts.size(),
                     x.item_count ? fmt::format("{}", *x.item_count) : "-",
                     x.usage_total_usd.value_or(0),
                     trouble_line(troubles_of(x)));
}

std::string walk_line(const walk_view& x) {
  auto state = x.is_paused && !x.is_finished ? "paused" : name_of(x.state);
  auto result = fmt::format(
    "report-batch batch={} state={} pages={} completed={} processing={} "
    "failed={} stuck={} items={} itemErrors={}",
    x.name, state, x.pages, x.completed, x.processing, x.failed, x.stuck,
    x.items, x.item_errors);
  if (x.is_finished)
    return result;
  result += fmt::format(" pagesPerSec={:.1f} itemsPerSec={:.1f}",
                        x.pages_per_sec, x.items_per_sec);
  return x.eta_secs ? result + fmt::format(" left={:.0f}s", *x.eta_secs)
                    : result;
}

/// @param lines each with the name of its event in front.
void write_lines(const std::vector<std::string>& lines) {
  for (const auto& line : lines) {
    auto space = line.find(' ');
    log.info(line.substr(0, space), "{}", line.substr(space + 1));
  }
}

} // namespace

std::vector<std::string> report_lines(const report& x, timestamp since) {
  std::vector<std::string> result{totals_line(x)};
  for (const auto& account : x.accounts)
    result.push_back(account_line(account));
  for (const auto& budget : x.budgets)
    result.push_back(budget_line(budget));
  for (const auto& run : x.runs) {
    auto live
      = run.state == run_state::starting || run.state == run_state::running;
    auto ended = run.finished_at && *run.finished_at >= since;
    if (live || ended)
      result.push_back(run_line(run));
  }
  return result;
}

std::vector<std::string> report_lines(const walk_views& x, timestamp since) {
  std::vector<std::string> result;
  for (const auto& walk : x.items)
    if (!walk.is_finished || (walk.finished_at && *walk.finished_at >= since))
      result.push_back(walk_line(walk));
  return result;
}

reporter_state::reporter_state(reporter_actor::pointer self)
  : self_{self}, last_{now()} {
  // nop
}

reporter_actor::behavior_type
reporter_state::make_behavior(orchestrator_actor source, walks_actor walks,
                              std::chrono::milliseconds every) {
  source_ = std::move(source);
  walks_ = std::move(walks);
  every_ = every;
  again();
  return {
    [this](report_now) { report(); },
  };
}

void reporter_state::again() {
  self_->delayed_send(self_, every_, report_now{});
}

void reporter_state::report() {
  self_->request(source_, report_timeout, get_report{{}, true})
    .then(
      [this](const orc::report& x) {
        write_lines(report_lines(x, last_));
        report_walks(std::exchange(last_, x.at));
      },
      [this](const caf::error& err) {
        log.warn("report-failed", "error=\"{}\"", message_of(err));
        again();
      });
}

void reporter_state::report_walks(timestamp since) {
  if (!walks_)
    return again();
  self_->request(walks_, report_timeout, list_walks{})
    .then(
      [this, since](const walk_views& x) {
        write_lines(report_lines(x, since));
        again();
      },
      [this](const caf::error& err) {
        log.warn("report-failed", "of=batches error=\"{}\"", message_of(err));
        again();
      });
}

reporter_actor::behavior_type
reporter(reporter_actor::stateful_pointer<reporter_state> self,
         orchestrator_actor source, walks_actor walks,
         std::chrono::milliseconds every) {
  return self->state.make_behavior(std::move(source), std::move(walks), every);
}

} // namespace orc
