#include "actors/reporter/reporter.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

run make_run(const char* name, run_state state, std::int64_t finished) {
  run result;
  result.name = name;
  result.state = state;
  if (finished != 0)
    result.finished_at = timestamp{finished};
  return result;
}

bool mentions(const std::vector<std::string>& lines, const std::string& text) {
  for (const auto& line : lines)
    if (line.find(text) != std::string::npos)
      return true;
  return false;
}

} // namespace

TEST_CASE("a report names live runs and those that ended since the last") {
  report x;
  x.runs = {make_run("live", run_state::running, 0),
            make_run("fresh", run_state::finished, 200),
            make_run("old", run_state::finished, 50),
            make_run("waiting", run_state::queued, 0)};
  auto lines = report_lines(x, timestamp{100});
  CHECK(mentions(lines, "name=live"));
  CHECK(mentions(lines, "name=fresh"));
  CHECK_FALSE(mentions(lines, "name=old"));
  CHECK_FALSE(mentions(lines, "name=waiting"));
}

TEST_CASE("a report tells items and cost of each run") {
  report x;
  x.runs = {make_run("job", run_state::finished, 200)};
  x.runs[0].item_count = 42;
  x.runs[0].usage_total_usd = 0.125;
  CHECK(mentions(report_lines(x, timestamp{0}), "items=42 usd=0.1250"));
}
