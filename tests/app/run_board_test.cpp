#include "app/progress/run_board.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::app;

namespace {

const std::vector<run_ref> names{
  {"default", "b"}, {"default", "a"}, {"other", "a"}};

run make(std::string name, run_state state,
         std::optional<remote_status> status = std::nullopt) {
  run x;
  x.name = std::move(name);
  x.state = state;
  x.status = status;
  return x;
}

} // namespace

TEST_CASE("all runs wait at first") {
  run_board board{names};
  CHECK(board.totals().queued == 3);
  CHECK(!board.complete());
}

TEST_CASE("sums follow what happens") {
  run_board board{names};
  auto live = make("a", run_state::running);
  live.attempts.resize(1);
  CHECK(!board.update(live));
  CHECK(board.totals().live == 1);
  CHECK(board.totals().attempts == 1);

  auto done = make("a", run_state::finished, remote_status::succeeded);
  done.attempts.resize(1);
  done.item_count = 7;
  done.usage_total_usd = 0.5;
  CHECK(board.update(done));
  CHECK(!board.update(done));
  CHECK(board.totals().succeeded == 1);
  CHECK(board.totals().items == 7);
  CHECK(board.totals().usd == 0.5);
  CHECK(board.totals().attempts == 1);
}

TEST_CASE("a board is complete once every run is final") {
  run_board board{names};
  board.update(make("a", run_state::refused));
  board.update(make("b", run_state::finished, remote_status::failed));
  auto last = make("a", run_state::cancelled);
  last.space = "other";
  CHECK(!board.complete());
  CHECK(board.update(last));
  CHECK(board.complete());
  CHECK(board.totals().failed == 3);
}

TEST_CASE("runs that are not of the plan are left alone") {
  run_board board{names};
  CHECK(!board.contains(make("c", run_state::running)));
  CHECK(!board.update(make("c", run_state::refused)));
  CHECK(board.totals().queued == 3);
}

TEST_CASE("failed runs come first, then live ones, then those that wait") {
  run_board board{names};
  board.update(make("a", run_state::running));
  auto failed = make("a", run_state::finished, remote_status::failed);
  failed.space = "other";
  board.update(failed);
  CHECK(board.most_telling(9) == std::vector<std::size_t>{2, 1, 0});
  CHECK(board.most_telling(1) == std::vector<std::size_t>{2});
}
