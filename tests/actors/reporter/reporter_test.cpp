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

TEST_CASE("a report tells how batches stand that go on or ended since the "
          "last") {
  walk_view live;
  live.name = "live";
  live.pages = 7;
  live.completed = 3;
  live.items_per_sec = 20;
  live.eta_secs = 12.4;
  auto paused = live;
  paused.name = "held";
  paused.is_paused = true;
  paused.eta_secs.reset();
  auto fresh = live;
  fresh.name = "fresh";
  fresh.state = walk_state::finished;
  fresh.is_finished = true;
  fresh.finished_at = timestamp{200};
  auto old = fresh;
  old.name = "old";
  old.finished_at = timestamp{50};
  auto lines
    = report_lines(walk_views{{live, paused, fresh, old}}, timestamp{100});
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].starts_with("report-batch batch=live state=running pages=7 "
                             "completed=3 "));
  CHECK(mentions(lines, "itemsPerSec=20.0 left=12s"));
  CHECK(lines[1].starts_with("report-batch batch=held state=paused "));
  CHECK(lines[1].ends_with("itemsPerSec=20.0"));
  CHECK(lines[2].starts_with("report-batch batch=fresh state=finished "));
}
