#include "app/run/run_job.hpp"

#include "app/cli/exit_code.hpp"
#include "app/items/item_file.hpp"
#include "app/service/interrupts.hpp"
#include "app/text/amounts.hpp"
#include "embedding/ask.hpp"
#include "messages/base/error.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>
#include <utility>

namespace orc::app {

namespace {

using namespace std::chrono_literals;

constexpr auto refresh_interval = 200ms;
constexpr auto explain_interval = 1s;

/// How long a run that has ended is held back until its items are counted.
constexpr auto count_patience = 5s;

/// @returns whether a run ended, and the process that saw it died before it
///          counted its items.
bool ended_uncounted(const run& x) {
  return x.state == run_state::finished && x.dataset_id && !x.item_count;
}

bool is_live(const board_row& x) {
  return x.submitted && x.state != run_state::queued && !is_final(x.state);
}

bool was_aborted(const board_row& x) {
  return x.state == run_state::cancelled
         || (is_final(x.state) && x.status == remote_status::aborted);
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

caf::error prepare_output(run_job_options& x, const std::string& source) {
  if (!is_standard_output(x.output))
    return x.output.empty() ? caf::error{} : check_output(x.output, source);
  if (x.json)
    return make_error(ec::bad_config, "--output -: --json prints there; name "
                                      "a file for the items");
  x.output = "standard output";
  x.items_to = take_standard_output();
  if (x.items_to)
    return {};
  return make_error(ec::bad_config, "--output -: there is no standard output");
}

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

int run_job::stop_early() {
  auto live = live_rows();
  if (options_.abort_on_exit)
    fmt::print(stderr, "interrupted: aborting what runs; once more ends at "
                       "once\n");
  auto stopped = host_.stop(options_.abort_on_exit);
  take_in_events(0ms);
  std::optional<std::uint64_t> aborted;
  if (options_.abort_on_exit && stopped) {
    take_in_ends(live);
    aborted = std::count_if(live.begin(), live.end(), [this](auto index) {
      return was_aborted(board_.row(index));
    });
  }
  print_report();
  say_how_to_resume(aborted);
  return interrupted;
}

std::vector<std::size_t> run_job::live_rows() const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < board_.names().size(); ++i)
    if (is_live(board_.row(i)))
      result.push_back(i);
  return result;
}

/// A run is over for its account before its items are counted and its end is
/// told.
void run_job::take_in_ends(const std::vector<std::size_t>& rows) {
  std::vector<std::pair<std::size_t, orc::run>> ended;
  for (auto index : rows) {
    if (!is_live(board_.row(index)))
      continue;
    auto known = ask<orc::run>(host_.system(), host_.orchestrator(),
                               get_run{board_.names()[index]}, 1s);
    if (known && is_final(known->state))
      ended.emplace_back(index, std::move(*known));
  }
  auto untold = [&] {
    return std::any_of(ended.begin(), ended.end(), [&](const auto& x) {
      return is_live(board_.row(x.first));
    });
  };
  for (auto until = now() + count_patience; untold() && now() < until;)
    take_in_events(refresh_interval);
  for (const auto& [index, x] : ended)
    board_.update(x);
}

void run_job::say_how_to_resume(std::optional<std::uint64_t> aborted) {
  std::vector<std::string> what;
  if (aborted && *aborted > 0)
    what.push_back(print_count(*aborted, "run") + " aborted");
  if (auto live = board_.totals().live; live > 0 && options_.durable)
    what.push_back(fmt::format(
      "{} {}{} on on the platform", print_count(live, "run"),
      aborted ? "could not be aborted and " : "", live == 1 ? "goes" : "go"));
  fmt::print(stderr, "Interrupted{}{}. {}\n", what.empty() ? "" : ": ",
             fmt::join(what, ", "),
             options_.durable
               ? "The same command again takes up where this one stopped: "
                 "nothing is started twice."
               : "Nothing is kept, as the store was in memory; --data DIR "
                 "keeps it.");
}

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

caf::expected<std::uint64_t> run_job::write_items() {
  read_request request;
  request.format = options_.format;
  for (const auto& ref : work_.names())
    request.from.push_back({ref.space, ref.name, {}});
  auto reader = ask<reader_actor>(host_.system(), host_.readings(), request);
  if (!reader)
    return std::move(reader.error());
  if (options_.items_to)
    return app::write_items(host_.system(), *reader, options_.items_to.get());
  return app::write_items(host_.system(), *reader, options_.output);
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
