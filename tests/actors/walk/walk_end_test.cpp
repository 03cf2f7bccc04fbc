// What becomes of pages, and of those who wait, when a batch or its process
// comes to an end.

#include "tests/actors/walk/walk_world.hpp"

#include <future>

using namespace orc;
using namespace orc::test;

namespace {

/// A batch of 10 items whose first page, or first two, are being read.
void start_reading(walk_world& w, const std::string& more, int pages = 1) {
  w.reading->is_shut = true;
  REQUIRE(w.start(w.spec(more)));
  w.until([&](const walk_view&) { return *w.reads == pages; });
}

} // namespace

TEST_CASE("whoever waits for a batch gets its end, also if the disk is full "
          "for a while") {
  walk_world w{20};
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 20ms, {}};
  };
  REQUIRE(w.start(w.spec(R"("pageSize":1,"maxParallelism":1)")));
  auto end = std::async(std::launch::async, [&] {
    return w.ask<walk_view>(wait_walk{"b", 60s});
  });
  w.still_going_after(20ms);
  *w.disk_is_full = true;
  w.until([](const walk_view& x) { return x.error.has_value(); });

  *w.disk_is_full = false;

  REQUIRE(end.wait_for(40s) == std::future_status::ready);
  auto x = end.get();
  REQUIRE(x);
  CHECK(x->is_finished);
  CHECK(x->completed == 20);
}

TEST_CASE("what cannot be stored is refused") {
  walk_world w{20};
  REQUIRE(w.start(w.spec(R"("pageSize":10,"maxParallelism":0)")));
  w.now();
  *w.disk_is_full = true;
  for (auto verb : {walk_verb::pause, walk_verb::redrive}) {
    w.until([](const walk_view& x) { return !x.error; });
    CHECK(!w.change(verb));
  }
}

TEST_CASE("whoever waits for a batch is told when the service stops") {
  walk_world w{20};
  REQUIRE(w.start(w.spec(R"("pageSize":10,"maxParallelism":0)")));
  auto end = std::async(std::launch::async, [&] {
    return w.ask<walk_view>(wait_walk{"b", 60s});
  });
  w.still_going_after(20ms);

  w.die();

  REQUIRE(end.wait_for(40s) == std::future_status::ready);
  auto x = end.get();
  REQUIRE(!x);
  CHECK(code_of(x.error()) == ec::stopping);
}

TEST_CASE("a page whose items come after a cancel does not begin") {
  walk_world w{10};
  start_reading(w, R"("pageSize":5,"maxParallelism":2)");
  REQUIRE(w.change(walk_verb::cancel));

  w.reading->is_shut = false;

  CHECK(w.wait().state == walk_state::cancelled);
  CHECK(w.does().calls() == 0);
}

TEST_CASE("a page whose items come when the process ends is for the next one") {
  for (auto mode : {"at-least-once", "at-most-once"}) {
    walk_world w{10};
    start_reading(w, fmt::format(R"("pageSize":5,"retryMode":"{}")", mode));
    w.drain();

    w.reading->is_shut = false;

    REQUIRE(w.ask<saved>(drain_walks{60s}));
    CHECK(w.does().calls() == 0);
    w.die(caf::exit_reason::kill);
    w.live();
    auto x = w.wait();
    CHECK(x.completed == 2);
    CHECK(x.failed == 0);
  }
}

TEST_CASE("an at-most-once page that is being announced when the process ends "
          "is for the next one") {
  walk_world w{10};
  start_reading(w, R"("pageSize":10,"retryMode":"at-most-once")");
  w.until([&](const walk_view&) { return w.saving->waiting == 0; });
  w.saving->is_shut = true;
  w.reading->is_shut = false;
  w.until([&](const walk_view&) { return w.saving->waiting == 1; });
  w.drain();

  w.saving->is_shut = false;

  REQUIRE(w.ask<saved>(drain_walks{60s}));
  CHECK(w.does().calls() == 0);
  w.die(caf::exit_reason::kill);
  w.live();
  auto x = w.wait();
  CHECK(x.completed == 1);
  CHECK(x.failed == 0);
}

TEST_CASE("nothing starts any more once a process is about to end") {
  walk_world w{400};
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 5ms, {}};
  };
  REQUIRE(w.start(w.spec(R"("pageSize":1,"maxParallelism":2)")));
  w.until([](const walk_view& x) { return x.completed > 2; });

  REQUIRE(w.ask<saved>(drain_walks{60s}));

  auto calls = w.does().calls();
  // By time, or by what somebody wants of it.
  w.still_going_after(20ms);
  REQUIRE(w.change(walk_verb::set_parallelism, 4));
  CHECK(w.still_going_after(20ms).processing == 0);
  CHECK(w.does().calls() == calls);
}

TEST_CASE("a page that ends while others keep a process from its end is done") {
  walk_world w{10};
  w.does().on_page = [](const process_page& x, int) {
    return reply{{}, x.page == 0 ? 50ms : 60s, {}};
  };
  REQUIRE(w.start(
    w.spec(R"("pageSize":5,"maxParallelism":2,"retryMode":"at-most-once")")));
  w.until([&](const walk_view&) { return w.does().calls() == 2; });
  w.drain();
  w.until([](const walk_view& x) { return x.completed == 1; });
  w.still_going_after(100ms);

  w.die(caf::exit_reason::kill);
  w.live();

  auto x = w.wait();
  CHECK(x.completed == 1);
  CHECK(x.failed == 1);
}
