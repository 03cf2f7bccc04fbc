// What becomes of runs when whoever waits for them does so no more.

#include "app/cli/exit_code.hpp"
#include "app/run/run_job.hpp"
#include "app/run/run_timing.hpp"
#include "app/text/amounts.hpp"
#include "embedding/ask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace orc::app {

namespace {

using namespace std::chrono_literals;

bool is_live(const board_row& x) {
  return x.submitted && x.state != run_state::queued && !is_final(x.state);
}

bool was_aborted(const board_row& x) {
  return x.state == run_state::cancelled
         || (is_final(x.state) && x.status == remote_status::aborted);
}

} // namespace

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

} // namespace orc::app
