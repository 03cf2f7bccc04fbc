#include "app/walk/walk_job.hpp"

#include "app/cli/exit_code.hpp"
#include "app/service/interrupts.hpp"
#include "app/walk/walk_lines.hpp"
#include "embedding/ask.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <unistd.h>
#include <utility>

namespace orc::app {

namespace {

using namespace std::chrono_literals;

constexpr auto refresh_interval = 250ms;

/// How often a line is printed where nothing can be redrawn.
constexpr auto line_interval = 5s;

/// How long pages that are being done may take when we are to stop.
constexpr auto drain_patience = 30s;

/// Of each kind, in the report.
constexpr std::uint64_t most_troubles = 20;

bool can_redraw() {
  const auto* terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) && terminal
         && std::string_view{terminal} != "dumb";
}

} // namespace

walk_job::walk_job(caf::actor_system& system, walks_actor walks,
                   interrupts& stop, walk_job_options options)
  : system_{system}, stop_{stop}, options_{options}, walks_{std::move(walks)},
    is_terminal_{can_redraw()} {
  // nop
}

walk_job::~walk_job() {
  clear_line();
}

int walk_job::run(std::string spec) {
  auto begun = ask<walk_view>(
    system_, walks_, start_walk{secret{std::move(spec)}, options_.redrive});
  if (!begun) {
    fmt::print(stderr, "apify-orchestrator: {}\n", message_of(begun.error()));
    return bad_usage;
  }
  name_ = begun->name;
  if (begun->is_finished)
    return finish(*begun);
  return follow();
}

int walk_job::follow() {
  shown_ = now();
  for (;;) {
    if (stop_.requested())
      return stop_early();
    auto x
      = ask<walk_view>(system_, walks_, wait_walk{name_, refresh_interval});
    if (!x) {
      clear_line();
      fmt::print(stderr, "apify-orchestrator: {}\n", message_of(x.error()));
      return some_failed;
    }
    if (x->is_finished)
      return finish(*x);
    show(*x);
  }
}

void walk_job::show(const walk_view& x) {
  auto time = now();
  if (is_terminal_) {
    fmt::print(stderr, "\r{}\x1b[K", progress_line(x, time));
    std::fflush(stderr);
    has_line_ = true;
  } else if (time - shown_ >= line_interval) {
    shown_ = time;
    auto* to = options_.json ? stderr : stdout;
    fmt::print(to, "{}\n", progress_line(x, time));
    std::fflush(to);
  }
}

void walk_job::clear_line() {
  if (std::exchange(has_line_, false))
    fmt::print(stderr, "\r\x1b[K");
}

/// Pages that are being done are finished, as far as they do not take too long.
int walk_job::stop_early() {
  clear_line();
  fmt::print(stderr, "stopping when the pages being done are done; once more "
                     "ends at once\n");
  std::ignore = ask<saved>(system_, walks_, drain_walks{drain_patience},
                           drain_patience + 5s);
  fmt::print(stderr, "Interrupted. {}\n",
             options_.durable
               ? "The same command again takes up where this one stopped."
               : "Nothing is kept, as the store was in memory; --data DIR "
                 "keeps it.");
  return interrupted;
}

int walk_job::finish(const walk_view& x) {
  clear_line();
  auto* to = options_.json ? stderr : stdout;
  for (const auto& line : report_lines(x, troubles(), now()))
    fmt::print(to, "{}\n", line);
  if (options_.json)
    fmt::print("{}\n", final_json(x));
  std::fflush(stdout);
  return is_success(x) ? all_succeeded : some_failed;
}

std::vector<walk_page_view> walk_job::troubles() {
  std::vector<walk_page_view> result;
  for (auto state :
       {page_state::failed, page_state::stuck, page_state::flawed}) {
    auto found = ask<walk_page_views>(
      system_, walks_, list_walk_pages{name_, state, most_troubles});
    if (found)
      result.insert(result.end(), found->items.begin(), found->items.end());
  }
  return result;
}

} // namespace orc::app
