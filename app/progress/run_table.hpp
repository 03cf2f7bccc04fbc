#pragma once

#include "app/progress/run_board.hpp"

#include <string>
#include <vector>

namespace orc::app {

struct screen_size {
  std::size_t width = 80;
  std::size_t height = 24;
};

/// What a line is about, which its colour tells.
enum class tone : unsigned char { plain, good, bad, busy };

struct screen_line {
  std::string text;
  tone color = tone::plain;
};

/// @returns the lines that show where everything is now: a table of the most
///          telling runs, then a line of sums. They fit the screen.
std::vector<screen_line>
progress_lines(const run_board& board, screen_size size, timestamp since,
               timestamp now);

/// @returns the lines of the last report: a table of all runs, or of those that
///          failed if there are more than 1000, and totals.
/// @param api_calls what the platform was asked, in all.
std::vector<std::string>
report_lines(const run_board& board, std::size_t width, timestamp since,
             timestamp now, std::uint64_t api_calls);

/// @returns sums: `3 of 10 runs finished, 4 running · 12 items · $0.01 · 8s`.
std::string summary_line(const board_totals& x, timestamp since, timestamp now);

/// @returns one line about a run for logs and pipes: `job-1 SUCCEEDED 12
/// items`.
std::string change_line(const run& x);

} // namespace orc::app
