// Pages that do not succeed at once.

#include "tests/actors/walk/walk_world.hpp"

using namespace orc;
using namespace orc::test;

namespace {

constexpr auto quick = R"("initialAttempts":1,"extendedRetrySecs":0.02,)"
                       R"("pageSize":10,"maxParallelism":2)";

} // namespace

TEST_CASE("BO-9 a page that failed once is stuck, and heals") {
  walk_world w{5};
  w.does().on_page = [](const process_page&, int nth) {
    return reply{nth == 1 ? failed() : page_result{}, 0ms, {}};
  };
  auto x = w.run(quick);
  CHECK(x.completed == 1);
  CHECK(x.failed == 0);
  CHECK(x.stuck == 0);
}

TEST_CASE("BO-11 what a stuck page leads to is found in the second phase") {
  walk_world w;
  w.does().on_page = [](const process_page& x, int nth) {
    if (x.page == 0 && nth == 1)
      return reply{failed(), 0ms, {}};
    return reply{{},
                 0ms,
                 x.page == 0 ? std::vector<std::string>{"2"}
                             : std::vector<std::string>{}};
  };
  CHECK(w.run(quick, true).completed == 2);
}

TEST_CASE("BO-12 a page that had told its successor tells it once") {
  walk_world w;
  w.does().on_page = [](const process_page& x, int nth) {
    auto next = x.page == 0 ? std::vector<std::string>{"2"}
                            : std::vector<std::string>{};
    return reply{x.page == 0 && nth == 1 ? failed() : page_result{}, 0ms, next};
  };
  auto x = w.run(quick, true);
  CHECK(x.completed == 2);
  CHECK(x.pages == 2);
}

TEST_CASE("BO-13 an at-most-once page that fails is not repeated") {
  walk_world w{20};
  w.does().on_page = [](const process_page& x, int) {
    return reply{x.page == 0 ? failed() : page_result{}, 0ms, {}};
  };
  auto x = w.run(R"("retryMode":"at-most-once","pageSize":10)");
  CHECK(x.failed == 1);
  CHECK(x.completed == 1);
  CHECK(w.does().calls() == 2);
}

TEST_CASE("BO-14 an error of a listed type is final") {
  walk_world w{5};
  w.does().on_page = [](const process_page&, int) {
    return reply{failed("bad", "ValueError"), 0ms, {}};
  };
  auto x = w.run(R"("nonRetryable":["ValueError"])");
  CHECK(x.failed == 1);
  CHECK(x.completed == 0);
  CHECK(w.does().calls() == 1);
}

TEST_CASE("BO-15 an error that says so itself is final") {
  walk_world w{5};
  w.does().on_page = [](const process_page&, int) {
    auto how = failed();
    how.end = page_end::hopeless;
    return reply{how, 0ms, {}};
  };
  CHECK(w.run(quick).failed == 1);
  CHECK(w.does().calls() == 1);
}

TEST_CASE("BO-16 an attempt that takes too long is one that failed") {
  walk_world w{5};
  w.does().on_page = [](const process_page&, int nth) {
    return reply{
      nth == 1 ? failed("timed out after 1 s") : page_result{}, 0ms, {}};
  };
  CHECK(w.run(quick).completed == 1);
  CHECK(w.does().calls() == 2);
}

TEST_CASE("BO-17 without extended retries a page fails after its attempts") {
  walk_world w{5};
  w.does().on_page = [](const process_page&, int) {
    return reply{failed(), 0ms, {}};
  };
  auto x = w.run(R"("initialAttempts":2,"extendedRetrySecs":0)");
  CHECK(w.does().calls() == 2);
  CHECK(x.failed == 1);
  CHECK(x.completed == 0);
}

TEST_CASE("BO-18 a page that always fails is tried until the time is over") {
  walk_world w{5};
  w.does().on_page = [](const process_page&, int) {
    return reply{failed(), 0ms, {}};
  };
  auto x = w.run(R"("initialAttempts":1,"extendedRetrySecs":0.02,)"
                 R"("batchTimeoutSecs":0.3)");
  CHECK(w.does().calls() >= 4);
  CHECK(x.state == walk_state::timed_out);
  CHECK(x.stuck == 1);
}

TEST_CASE("BO-31 a cursor told twice in an attempt is an error that says so") {
  walk_world w;
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 5ms, {"a", "b"}};
  };
  auto x = w.run(R"("initialAttempts":1,"extendedRetrySecs":0,)"
                 R"("batchTimeoutSecs":0.2,"maxParallelism":1)",
                 true);
  CHECK(x.failed > 0);
  auto pages
    = w.ask<walk_page_views>(list_walk_pages{"b", page_state::failed, 10});
  CHECK(pages->items.at(0).error.find("given twice") != std::string::npos);
}

TEST_CASE("BO-X2 stuck pages outlive the process, and heal in the next one") {
  walk_world w{5};
  std::atomic<bool> mended = false;
  w.does().on_page = [&](const process_page&, int) {
    return reply{mended ? page_result{} : failed("a bug"), 0ms, {}};
  };
  REQUIRE(w.start(w.spec(R"("initialAttempts":1,"extendedRetrySecs":60)")));
  w.until_stored([](const walk_view& x) { return x.stuck == 1; });
  w.die();
  w.live();
  CHECK(w.until([](const walk_view&) { return true; }).stuck == 1);
  auto pages
    = w.ask<walk_page_views>(list_walk_pages{"b", page_state::stuck, 10});
  CHECK(pages->items.at(0).error == "a bug");

  mended = true;
  REQUIRE(w.start(w.spec(R"("initialAttempts":1,"extendedRetrySecs":60)")));

  CHECK(w.wait().completed == 1);
}

TEST_CASE("BO-X4 pages that always fail keep no slot from others") {
  walk_world w;
  w.does().on_page = [](const process_page& x, int nth) {
    auto next = x.page < 9 ? std::vector<std::string>{std::to_string(x.page)}
                           : std::vector<std::string>{};
    auto good = x.page >= 6 && (x.page != 7 || nth > 3);
    return reply{good ? page_result{} : failed(), 0ms, next};
  };
  REQUIRE(w.start(w.spec(R"("initialAttempts":1,"extendedRetrySecs":0.01,)"
                         R"("maxParallelism":2)",
                         true)));
  auto x = w.until([](const walk_view& y) { return y.completed == 4; });
  CHECK(x.stuck == 6);
  w.until([&](const walk_view&) { return w.does().calls_of(0) > 3; });
  for (std::uint64_t page = 0; page < 6; ++page)
    CHECK(w.does().calls_of(page) >= 2);
  REQUIRE(w.change(walk_verb::cancel));
  CHECK(w.wait().is_finished);
}

TEST_CASE("BO-X8 a page that hides the rest is a broken chain, with a cursor "
          "to go on from") {
  walk_world w;
  std::atomic<bool> mended = false;
  w.does().on_page = [&](const process_page& x, int) {
    if (x.page == 2 && !mended)
      return reply{failed("boom"), 0ms, {}};
    return reply{{},
                 0ms,
                 x.page < 4
                   ? std::vector<std::string>{fmt::format("c{}", x.page + 1)}
                   : std::vector<std::string>{}};
  };
  auto x = w.run(R"("initialAttempts":1,"extendedRetrySecs":0)", true);
  CHECK(x.state == walk_state::broken);
  CHECK(x.resume_cursor == "c2");
  CHECK(x.error->find("chain broken at cursor \"c2\"") != std::string::npos);

  mended = true;
  REQUIRE(w.change(walk_verb::redrive));

  auto y = w.wait();
  CHECK(y.state == walk_state::finished);
  CHECK(y.completed == 5);
  CHECK(y.failed == 0);
}

TEST_CASE("an answer that asks for less slows an automatic ramp down") {
  walk_world w{32};
  w.does().on_page = [](const process_page& x, int nth) {
    page_result how;
    how.overloaded = x.page == 20 && nth == 1;
    how.end = how.overloaded ? page_end::retry : page_end::done;
    return reply{how, x.page < 20 ? 2ms : 40ms, {}};
  };
  REQUIRE(w.start(w.spec(R"("pageSize":1,"maxParallelism":16,)"
                         R"("rampUp":"auto")")));
  std::uint32_t most = 0;
  auto fell = false;
  w.until([&](const walk_view& x) {
    fell = fell || x.parallelism < most;
    most = std::max(most, x.parallelism);
    return x.is_finished;
  });
  CHECK(most > 1);
  CHECK(fell);
  CHECK(w.now().completed == 32);
}

TEST_CASE("a source that cannot be read for a while is asked again") {
  walk_world w{20};
  *w.read_failures = 3;
  auto x = w.run(R"("pageSize":10)");
  CHECK(x.completed == 2);
  CHECK(*w.reads == 5);
}

TEST_CASE("a source that is gone breaks the chain") {
  walk_world w{20};
  *w.read_failures = -1;
  auto x = w.run(R"("pageSize":10)");
  CHECK(x.state == walk_state::broken);
  CHECK(x.failed == 1);
}

TEST_CASE("an at-most-once page that was under way is not repeated by the next "
          "process, and all others are done") {
  walk_world w{50};
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 25ms, {}};
  };
  REQUIRE(w.start(w.spec(R"("retryMode":"at-most-once","pageSize":10,)"
                         R"("maxParallelism":1)")));
  w.until([](const walk_view& x) { return x.completed == 1; });
  w.until([&](const walk_view&) { return w.does().calls() == 2; });
  w.die(caf::exit_reason::kill);
  w.live();
  auto x = w.wait();
  CHECK(x.is_finished);
  CHECK(x.completed + x.failed == 5);
  for (std::uint64_t page = 0; page < 5; ++page)
    CHECK(w.does().calls_of(page) <= 1);
}
