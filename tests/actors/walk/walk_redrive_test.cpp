// What failed, done again because somebody asks for it.

#include "tests/actors/walk/walk_world.hpp"

using namespace orc;
using namespace orc::test;

namespace {

constexpr auto no_retries = R"("initialAttempts":1,"extendedRetrySecs":0,)"
                            R"("pageSize":5)";

} // namespace

TEST_CASE("items that fail are told, and done again alone") {
  walk_world w{10};
  w.does().on_page = [](const process_page& x, int nth) {
    page_result how;
    if (x.page == 0 && nth == 1)
      how.items = {{2, "too long"}, {4, "odd"}, {2, "again"}};
    return reply{how, 0ms, {}};
  };
  auto x = w.run(R"("pageSize":5)");
  CHECK(x.completed == 2);
  CHECK(x.item_errors == 2);

  REQUIRE(w.change(walk_verb::redrive));

  auto y = w.wait();
  CHECK(y.item_errors == 0);
  CHECK(y.completed == 2);
  CHECK(y.items == 10);
  CHECK(w.does().pages.back().items.view() == "2\n4\n");
  CHECK(w.does().pages.back().only == std::vector<std::uint64_t>{2, 4});
}

TEST_CASE("a batch of which all was done is not begun again by a redrive") {
  walk_world w{10};
  auto x = w.run(R"("pageSize":5,"reduce":{"kind":"class","name":"script"})");
  CHECK(x.completed == 2);
  REQUIRE(w.does().told.size() == 1);

  REQUIRE(w.change(walk_verb::redrive));

  auto y = w.wait();
  CHECK(y.finished_at == x.finished_at);
  CHECK(w.does().told.size() == 1);
  CHECK(w.does().calls() == 2);
}

TEST_CASE("a redrive tries a last step again that failed") {
  walk_world w{5};
  std::atomic<bool> mended = false;
  w.does().on_tell = [&](const tell_progress&) {
    return reply{mended ? page_result{} : failed("full"), 0ms, {}};
  };
  auto x = w.run(R"("initialAttempts":1,"reduce":)"
                 R"({"kind":"class","name":"script"})");
  REQUIRE(x.error);
  mended = true;

  REQUIRE(w.change(walk_verb::redrive));

  CHECK(!w.wait().error);
  CHECK(w.does().calls() == 1);
}

TEST_CASE("a redrive during the last step does first what failed, and then the "
          "last step again") {
  walk_world w{15};
  std::atomic<bool> mended = false;
  w.does().on_page = [&](const process_page&, int) {
    return reply{mended ? page_result{} : failed(), 0ms, {}};
  };
  w.does().on_tell = [&](const tell_progress&) {
    return reply{{}, mended ? 0ms : 60s, {}};
  };
  REQUIRE(w.start(w.spec(fmt::format("{},{}", no_retries, reduce))));
  w.until([&](const walk_view&) { return w.does().times_told() == 1; });
  mended = true;

  auto redriven = w.change(walk_verb::redrive);

  REQUIRE(redriven);
  CHECK(redriven->failed == 0);
  auto x = w.wait();
  CHECK(x.state == walk_state::finished);
  CHECK(x.completed == 3);
  CHECK(x.stuck == 0);
  CHECK(w.does().times_told() == 2);
}

TEST_CASE("a redrive while the tracker is told the end takes effect after it") {
  walk_world w{15};
  std::atomic<bool> mended = false;
  w.does().on_page = [&](const process_page&, int) {
    return reply{mended ? page_result{} : failed(), 0ms, {}};
  };
  w.does().on_tell = [](const tell_progress&) { return reply{{}, 50ms, {}}; };
  REQUIRE(w.start(w.spec(fmt::format(
    R"({},"tracker":{{"kind":"class","name":"script"}})", no_retries))));
  w.until([&](const walk_view&) { return w.does().times_told() == 2; });
  mended = true;

  REQUIRE(w.change(walk_verb::redrive));

  auto x = w.wait();
  CHECK(x.completed == 3);
  CHECK(x.stuck == 0);
}

TEST_CASE(
  "a batch that lives is joined without doing again what failed, unless "
  "that is asked for") {
  walk_world w{10};
  w.does().on_page = [](const process_page& x, int nth) {
    auto how
      = x.page == 0 && nth == 1 ? failed("bad", "ValueError") : page_result{};
    return reply{how, x.page == 1 ? 60s : 0ms, {}};
  };
  auto spec = [](int limit) {
    return walk_world::spec(fmt::format(R"("pageSize":5,"maxParallelism":{},)"
                                        R"("nonRetryable":["ValueError"])",
                                        limit));
  };
  REQUIRE(w.start(spec(2)));
  w.until([](const walk_view& x) { return x.failed == 1; });

  CHECK(w.start(spec(2))->failed == 1);
  CHECK(w.start(spec(3))->failed == 1);
  CHECK(w.does().calls_of(0) == 1);

  CHECK(w.start(spec(3), true)->failed == 0);
  w.until([](const walk_view& x) { return x.processing == 1 && x.stuck == 1; });
  REQUIRE(w.change(walk_verb::cancel));
  CHECK(w.wait().is_finished);
}

TEST_CASE("a redrive that cannot begin leaves a batch as it was") {
  walk_world w{15};
  std::atomic<bool> mended = false;
  w.does().on_page = [&](const process_page&, int) {
    return reply{mended ? page_result{} : failed(), 0ms, {}};
  };
  auto ended = w.run(no_retries);
  *w.source_is_gone = true;

  CHECK(!w.change(walk_verb::redrive));

  auto x = w.now();
  CHECK(x.state == walk_state::finished);
  CHECK(x.failed == 3);
  CHECK(x.finished_at == ended.finished_at);
  *w.source_is_gone = false;
  mended = true;
  REQUIRE(w.change(walk_verb::redrive));
  CHECK(w.wait().completed == 3);
}

TEST_CASE("a batch that is redriven again and again does each page once") {
  walk_world w{60};
  w.does().on_page = [](const process_page& x, int nth) {
    return reply{nth <= static_cast<int>(x.page % 4) ? failed() : page_result{},
                 std::chrono::milliseconds{x.page % 3},
                 {}};
  };
  REQUIRE(w.start(w.spec(R"("pageSize":1,"maxParallelism":4,)"
                         R"("initialAttempts":1,"extendedRetrySecs":0.001)")));
  w.until([&](const walk_view& x) {
    w.change(walk_verb::redrive);
    return x.is_finished;
  });
  auto x = w.now();
  CHECK(x.completed == 60);
  CHECK(x.stuck == 0);
  for (std::uint64_t page = 0; page < 60; ++page)
    CHECK(w.does().calls_of(page) == page % 4 + 1);
}
