#include "app/run/run_job.hpp"

#include "app/cli/exit_code.hpp"
#include "app/run/run_timing.hpp"
#include "app/service/interrupts.hpp"
#include "app/text/amounts.hpp"
#include "embedding/ask.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <unistd.h>
#include <utility>

namespace orc::app {

namespace {

using namespace std::chrono_literals;

constexpr auto explain_interval = 1s;

/// @returns whether a run ended, and the process that saw it died before it
///          counted its items.
bool ended_uncounted(const run& x) {
  return x.state == run_state::finished && x.dataset_id && !x.item_count;
}

std::unique_ptr<progress_view> make_view(bool json, timestamp since) {
  if (json)
    return json_view();
  const auto* terminal = std::getenv("TERM");
  if (!isatty(STDOUT_FILENO) || !terminal
      || std::string_view{terminal} == "dumb")
    return line_view(since);
  const auto* no_color = std::getenv("NO_COLOR");
  return table_view(since, !no_color || !*no_color);
}

} // namespace

run_job::run_job(service& host, work& runs, run_job_options options,
                 interrupts& stop)
  : host_{host}, work_{runs}, options_{std::move(options)}, stop_{stop},
    board_{runs.names()}, view_{make_view(options_.json, since_)}, feed_{host} {
  stop_.on_request([this] { feed_.wake(); });
  host_.on_death([this] {
    died_ = true;
    feed_.wake();
  });
}

run_job::~run_job() {
  stop_.on_request(nullptr);
  host_.on_death(nullptr);
}

int run_job::run() {
  if (auto err = submit()) {
    view_->close();
    fmt::print(stderr, "apify-orchestrator: {}\n", message_of(err));
    if (submitted_ == 0)
      return bad_usage;
    fmt::print(stderr,
               "{} of {} were submitted before; they go on. Run the same "
               "command again to rejoin them.\n",
               submitted_, work_.names().size());
    return some_failed;
  }
  follow();
  view_->close();
  if (died_) {
    fmt::print(stderr, "apify-orchestrator: an internal part stopped, see the "
                       "log; the same command again takes up what runs\n");
    return some_failed;
  }
  return stop_.requested() && !board_.complete() ? stop_early() : finish();
}

// -- submitting
// --------------------------------------------------------------------

caf::error run_job::submit() {
  while (!stop_.requested()) {
    auto runs = work_.next();
    if (!runs)
      return std::move(runs.error());
    if (runs->empty())
      break;
    if (auto err = submit(std::move(*runs)))
      return err;
  }
  return {};
}

caf::error run_job::submit(std::vector<run_request> runs) {
  submit_runs request;
  request.runs = std::move(runs);
  request.retry_failed = options_.retry_failed;
  request.fixed_input = work_.fixed_input();
  auto count = request.runs.size();
  auto answer = ask<submitted_runs>(host_.system(), host_.orchestrator(),
                                    std::move(request));
  if (!answer)
    return std::move(answer.error());
  submitted_ += count;
  take_in(*answer);
  take_in_events(0ms);
  return {};
}

void run_job::take_in(const submitted_runs& answer) {
  for (const auto& x : answer.runs) {
    if (x.joined)
      board_.mark_joined(x.run);
    // An event that overtook the answer knows more than it.
    if (board_.knows(x.run))
      continue;
    if (options_.counts && x.joined && ended_uncounted(x.run))
      uncounted_.push_back(x.run);
    else if (board_.update(x.run))
      view_->changed(event_kind::ended, x.run);
  }
  counts_due_ = now() + count_patience;
}

// -- following
// ---------------------------------------------------------------------

void run_job::follow() {
  while (!board_.complete() && !stop_.requested() && !died_) {
    explain_waits();
    follow_counts();
    view_->refresh(board_);
    take_in_events(refresh_interval);
  }
  view_->refresh(board_);
}

void run_job::follow_counts() {
  if (now() < counts_due_)
    return;
  for (const auto& x : std::exchange(uncounted_, {}))
    if (!board_.knows(x) && board_.update(x))
      view_->changed(event_kind::ended, x);
}

void run_job::take_in_events(std::chrono::milliseconds at_most) {
  for (const auto& event : feed_.take(at_most)) {
    if (!board_.contains(event.run))
      continue;
    auto ended = board_.update(event.run);
    if (ended || event.kind != event_kind::ended)
      view_->changed(ended ? event_kind::ended : event.kind, event.run);
  }
}

void run_job::explain_waits() {
  if (view_->visible_rows() == 0 || now() - explained_ < explain_interval)
    return;
  explained_ = now();
  for (auto index : board_.most_telling(view_->visible_rows())) {
    if (board_.row(index).state != run_state::queued)
      continue;
    auto known = ask<orc::run>(host_.system(), host_.orchestrator(),
                               get_run{board_.names()[index]}, 1s);
    if (known && known->state == run_state::queued)
      board_.set_reason(index, known->reason.value_or(""));
  }
}

// -- the end
// -----------------------------------------------------------------------

int run_job::finish() {
  std::uint64_t written = 0;
  caf::error problem;
  if (!options_.output.empty()) {
    auto items = write_items();
    if (items)
      written = *items;
    else
      problem = items.error();
  }
  print_report();
  if (problem) {
    fmt::print(stderr, "apify-orchestrator: {}\n", message_of(problem));
    return some_failed;
  }
  if (!options_.output.empty())
    fmt::print(options_.json ? stderr : stdout, "{} in {}\n",
               print_count(written, "item"), options_.output);
  const auto& totals = board_.totals();
  return totals.succeeded == totals.runs ? all_succeeded : some_failed;
}

void run_job::print_report() {
  auto calls = api_calls();
  if (options_.json)
    return print_json_report(calls);
  auto width = isatty(STDOUT_FILENO) ? terminal_size().width : 0;
  for (const auto& line : report_lines(board_, width, since_, now(), calls))
    fmt::print("{}\n", line);
}

void run_job::print_json_report(std::uint64_t api_calls) {
  const auto& x = board_.totals();
  fmt::print(R"({{"event":"report","runs":{},"succeeded":{},"failed":{},)"
             R"("unfinished":{},"joined":{},"attempts":{},"itemCount":{},)"
             R"("usageTotalUsd":{},"wallTimeSecs":{:.3f},"apiCalls":{},)"
             R"("output":{}}})"
             "\n",
             x.runs, x.succeeded, x.failed, x.queued + x.live, x.joined,
             x.attempts, x.items, x.usd,
             static_cast<double>((now() - since_).count()) / 1000, api_calls,
             options_.output.empty() ? "null" : json_quote(options_.output));
  std::fflush(stdout);
}

std::uint64_t run_job::api_calls() {
  auto accounts = ask<account_views>(host_.system(), host_.orchestrator(),
                                     get_accounts{}, 5s);
  std::uint64_t result = 0;
  if (accounts)
    for (const auto& account : accounts->items)
      for (const auto& [kind, count] : account.calls.calls)
        result += count;
  return result;
}

} // namespace orc::app
