#include "app/progress/run_list.hpp"

#include "app/progress/view.hpp"
#include "app/text/amounts.hpp"
#include "app/text/table.hpp"
#include "messages/troubles.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace orc::app {

namespace {

std::string elapsed(const run& x, timestamp now) {
  if (!x.started_at)
    return "-";
  return print_duration(x.finished_at.value_or(now) - *x.started_at);
}

/// @returns what happened to it on its way: `moved 2x, stuck 1x`.
std::string print_troubles(const troubles& x) {
  std::string result;
  auto add = [&](std::string_view what, std::uint32_t count) {
    if (count > 0)
      result
        += fmt::format("{}{} {}x", result.empty() ? "" : ", ", what, count);
  };
  add("moved", x.migrations);
  add("rebooted", x.reboots);
  add("restarted", x.restarts);
  add("resurrected", x.resurrections);
  add("stuck", x.stuck);
  return result;
}

std::string remark(const run& x) {
  auto way = print_troubles(troubles_of(x));
  auto says = x.error ? x.error->message : x.reason.value_or("");
  if (succeeded(x) || says.empty())
    return way;
  return way.empty() ? says : fmt::format("{} ({})", says, way);
}

} // namespace

std::vector<std::string>
list_lines(const std::vector<run>& runs, std::size_t width, timestamp now) {
  using align = table::align;
  table out{{{"RUN", align::left, 12},
             {"STATE"},
             {"RUN ID"},
             {"MEMORY", align::right},
             {"TRIES", align::right},
             {"ITEMS", align::right},
             {"COST", align::right},
             {"TIME", align::right},
             {"SAYS", align::left, 10}}};
  for (const auto& x : runs)
    out.add({x.name,
             std::string{x.state == run_state::finished && x.status
                           ? name_of(*x.status)
                           : name_of(x.state)},
             x.run_id.value_or("-"), print_or_dash(x.memory, print_memory),
             std::to_string(attempts_used(x)),
             print_or_dash(x.item_count, [](auto n) { return print_count(n); }),
             print_or_dash(x.usage_total_usd, print_usd), elapsed(x, now),
             remark(x)});
  return out.lines(width);
}

void print_runs(const std::vector<run>& runs) {
  auto width = isatty(STDOUT_FILENO) ? terminal_size().width : 0;
  for (const auto& line : list_lines(runs, width, now()))
    fmt::print("{}\n", line);
}

} // namespace orc::app
