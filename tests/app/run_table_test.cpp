#include "app/progress/run_table.hpp"
#include "app/text/table.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::app;

namespace {

std::vector<run_ref> many(int count) {
  std::vector<run_ref> result;
  for (int i = 0; i < count; ++i)
    result.push_back({"default", "run-with-a-long-name-" + std::to_string(i)});
  return result;
}

} // namespace

TEST_CASE("a progress table fits the screen") {
  auto names = many(100);
  run_board board{names};
  board.set_reason(0, "account default has 512 MiB free, the run needs 4096");

  auto lines = progress_lines(board, {60, 10}, timestamp{0}, timestamp{5000});

  CHECK(lines.size() < 10);
  for (const auto& line : lines)
    CHECK(width_of(line.text) <= 60);
}

TEST_CASE("a progress table ends with sums") {
  auto names = many(2);
  run_board board{names};
  auto lines = progress_lines(board, {120, 24}, timestamp{0}, timestamp{5000});
  CHECK(lines.back().text
        == "0 of 2 runs finished, 2 waiting · 0 items · $0 · 5.0s");
}

TEST_CASE("a report of a great many runs lists those that failed") {
  auto names = many(1500);
  run_board board{names};
  run failed;
  failed.name = names[3].name;
  failed.state = run_state::refused;
  failed.error = run_error{"memory-exceeds-account", "needs more"};
  board.update(failed);

  auto lines = report_lines(board, 0, timestamp{0}, timestamp{1000}, 7);

  CHECK(lines.size() == 5);
  CHECK(lines[1].find("needs more") != std::string::npos);
  CHECK(lines.back().find("7 API calls") != std::string::npos);
}

TEST_CASE("a line about a run tells items, cost or what went wrong") {
  run x;
  x.name = "a";
  x.state = run_state::finished;
  x.status = remote_status::succeeded;
  x.item_count = 3;
  x.usage_total_usd = 0.25;
  CHECK(change_line(x) == "a SUCCEEDED, 3 items, $0.2500");
  x.status = remote_status::failed;
  x.error = run_error{"run-failed", "it broke"};
  CHECK(change_line(x) == "a FAILED, 3 items, $0.2500: it broke");
}
