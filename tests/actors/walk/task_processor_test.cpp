// Pages that workers of a channel do.

#include "actors/walk/task_processor.hpp"
#include "tests/actors/task/task_world.hpp"

#include <caf/after.hpp>

using namespace orc;
using namespace orc::test;

namespace {

/// Asks a TASK PROCESSOR for one page.
class page_by_task {
public:
  explicit page_by_task(task_world& world, std::chrono::milliseconds timeout)
    : self_{world.handle()->home_system()} {
    open_page_processor how;
    how.batch = "b";
    how.processor.channel = "c";
    how.mode = retry_mode::at_most_once;
    processor_
      = self_->home_system().spawn(task_processor, world.handle(), how);
    process_page x;
    x.batch = "b";
    x.items = json_text{"1\n"};
    x.count = 1;
    x.timeout = timeout;
    x.next = caf::actor_cast<next_page_sink>(self_->address());
    self_->send(processor_, x);
  }

  ~page_by_task() {
    self_->send_exit(processor_, caf::exit_reason::user_shutdown);
    self_->wait_for(processor_);
  }

  /// @returns how it ended, or nothing if that takes longer.
  std::optional<page_result> ends_within(std::chrono::milliseconds time) {
    auto end = std::chrono::steady_clock::now() + time;
    std::optional<page_result> result;
    while (!result && std::chrono::steady_clock::now() < end)
      self_->receive([&](const page_result& x) { result = x; },
                     [&](const page_turn& x) { turns.push_back(x.has_come); },
                     caf::after(10ms) >> [] {});
    return result;
  }

  std::vector<bool> turns;

private:
  caf::scoped_actor self_;
  task_processor_actor processor_;
};

std::optional<task> take(task_world& w, std::chrono::milliseconds lease = 60s) {
  acquire_task x;
  x.channel = "c";
  x.worker = "w";
  x.wait = 10s;
  x.lease = lease;
  auto given = w.ask<stored_tasks>(w.handle(), x);
  REQUIRE(given);
  return given->tasks.empty() ? std::nullopt : std::optional{given->tasks[0]};
}

} // namespace

TEST_CASE("the time of a page runs while a worker has its task") {
  task_world w;
  page_by_task page{w, 100ms};

  CHECK(!page.ends_within(250ms));
  CHECK(page.turns == std::vector{false});
  REQUIRE(take(w));
  auto how = page.ends_within(20s);

  REQUIRE(how);
  CHECK(how->end == page_end::failed);
  CHECK(how->error.find("timed out") == 0);
  CHECK(page.turns == std::vector{false, true});
  CHECK(!w.acquire());
}

TEST_CASE("a page that waited longer than its time is done by a worker who "
          "takes it then") {
  task_world w;
  page_by_task page{w, 150ms};
  CHECK(!page.ends_within(250ms));
  auto had = take(w);
  REQUIRE(had);

  REQUIRE(w.release(*had, w.with_output("{}")));

  auto how = page.ends_within(20s);
  REQUIRE(how);
  CHECK(how->end == page_end::done);
}
