#include "app/progress/run_table.hpp"

#include "app/text/amounts.hpp"
#include "app/text/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace orc::app {

namespace {

/// A report of more runs than this lists the failed ones alone.
constexpr std::size_t longest_report = 1000;

using align = table::align;

table empty_table(std::string last_title) {
  return table{{{"RUN", align::left, 12},
                {"STATE"},
                {"MEMORY", align::right},
                {"TRIES", align::right},
                {"ITEMS", align::right},
                {"COST", align::right},
                {"TIME", align::right},
                {std::move(last_title), align::left, 10}}};
}

std::string elapsed(const board_row& x, timestamp now) {
  if (x.started.millis == 0)
    return "-";
  auto end = x.finished.millis == 0 ? now : x.finished;
  return print_duration(
    std::max(end - x.started, std::chrono::milliseconds{0}));
}

void add_row(table& out, const run_board& board, std::size_t index,
             timestamp now) {
  const auto& x = board.row(index);
  out.add({board.names()[index].name, std::string{state_name(x)},
           x.has_memory ? print_memory(x.memory) : "-",
           x.attempts == 0 ? "-" : std::to_string(x.attempts),
           print_or_dash(x.items, [](auto n) { return print_count(n); }),
           print_usd(x.usd), elapsed(x, now), x.reason});
}

tone tone_of(const board_row& x) {
  if (is_final(x.state))
    return succeeded(x) ? tone::good : tone::bad;
  return x.state == run_state::queued ? tone::plain : tone::busy;
}

std::string outcome_line(const board_totals& x) {
  auto line = fmt::format("{}: {} succeeded", print_count(x.runs, "run"),
                          print_count(x.succeeded));
  auto add = [&line](std::uint64_t count, std::string_view what) {
    if (count > 0)
      line += fmt::format(", {} {}", print_count(count), what);
  };
  add(x.failed, "did not");
  add(x.live + x.queued, "unfinished");
  add(x.joined, "known before");
  return line;
}

} // namespace

std::string
summary_line(const board_totals& x, timestamp since, timestamp now) {
  auto line = fmt::format("{} of {} finished", print_count(x.finished()),
                          print_count(x.runs, "run"));
  if (x.failed > 0)
    line += fmt::format(" ({} failed)", print_count(x.failed));
  if (x.live > 0)
    line += fmt::format(", {} running", print_count(x.live));
  if (x.queued > 0)
    line += fmt::format(", {} waiting", print_count(x.queued));
  return fmt::format("{} · {} · {} · {}", line, print_count(x.items, "item"),
                     print_usd(x.usd), print_duration(now - since));
}

std::vector<screen_line>
progress_lines(const run_board& board, screen_size size, timestamp since,
               timestamp now) {
  auto out = empty_table("WAITS FOR / SAYS");
  // Titles, the summary and the line where the cursor stands.
  auto room = size.height > 4 ? size.height - 3 : 1;
  auto shown = board.most_telling(room);
  for (auto index : shown)
    add_row(out, board, index, now);
  std::vector<screen_line> result;
  for (auto& line : out.lines(size.width)) {
    auto color = result.empty() ? tone::plain
                                : tone_of(board.row(shown[result.size() - 1]));
    result.push_back({std::move(line), color});
  }
  result.push_back(
    {fit(summary_line(board.totals(), since, now), size.width), tone::plain});
  return result;
}

std::vector<std::string>
report_lines(const run_board& board, std::size_t width, timestamp since,
             timestamp now, std::uint64_t api_calls) {
  auto out = empty_table("ERROR");
  const auto& totals = board.totals();
  auto all = totals.runs <= longest_report;
  for (std::size_t i = 0; i < totals.runs; ++i)
    if (all || (is_final(board.row(i).state) && !succeeded(board.row(i))))
      add_row(out, board, i, now);
  auto lines = out.lines(width);
  lines.emplace_back();
  lines.push_back(outcome_line(totals));
  lines.push_back(
    fmt::format("{}, {}, {}, {}, {}", print_count(totals.items, "item"),
                print_usd(totals.usd), print_duration(now - since),
                print_count(totals.attempts, "attempt"),
                print_count(api_calls, "API call")));
  return lines;
}

std::string change_line(const run& x) {
  auto line = fmt::format("{} {}", x.name,
                          x.state == run_state::finished && x.status
                            ? name_of(*x.status)
                            : name_of(x.state));
  if (x.item_count)
    line += fmt::format(", {}", print_count(*x.item_count, "item"));
  if (is_final(x.state) && x.usage_total_usd)
    line += fmt::format(", {}", print_usd(*x.usage_total_usd));
  if (!succeeded(x) && x.error)
    line += fmt::format(": {}", x.error->message);
  else if (!succeeded(x) && x.reason)
    line += fmt::format(": {}", *x.reason);
  return fit(line, std::numeric_limits<std::size_t>::max());
}

} // namespace orc::app
