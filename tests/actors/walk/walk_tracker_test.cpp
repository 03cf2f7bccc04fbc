// Who is told how a batch stands, and the last step.

#include "tests/actors/walk/walk_world.hpp"

using namespace orc;
using namespace orc::test;

namespace {

constexpr auto tracker = R"("tracker":{"kind":"class","name":"script",)"
                         R"("args":{"to":"me"}})";

bool says(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

} // namespace

TEST_CASE("BO-22 BO-24 a tracker is told from time to time, of stuck pages, "
          "too, and gets its args") {
  walk_world w{5};
  std::atomic<int> args = 0;
  w.does().on_page = [](const process_page&, int nth) {
    return reply{nth <= 5 ? failed() : page_result{}, 0ms, {}};
  };
  w.does().on_tell = [&](const tell_progress& x) {
    args += x.args.view() == R"({"to":"me"})" ? 1 : 0;
    return reply{};
  };
  w.run(fmt::format(R"("initialAttempts":2,"extendedRetrySecs":0.03,)"
                    R"("trackerIntervalSecs":0.01,{})",
                    tracker));
  const auto& told = w.does().told;
  REQUIRE(told.size() >= 3);
  CHECK(args == static_cast<int>(told.size()));
  CHECK(std::any_of(told.begin(), told.end(),
                    [](const auto& x) { return says(x, R"("stuck":1)"); }));
  for (const auto& x : told)
    CHECK(says(x, R"("name":"b")"));
  CHECK(says(told.front(), R"("isFinished":false)"));
  CHECK(says(told.back(), R"("isFinished":true)"));
}

TEST_CASE("BO-23 BO-25 a long interval delays no end: two calls, each with the "
          "start time") {
  walk_world w{5};
  auto x = w.run(fmt::format(R"("trackerIntervalSecs":60,{})", tracker));
  CHECK(w.does().told.size() == 2);
  CHECK(says(w.does().told.back(), R"("isFinished":true)"));
  for (const auto& told : w.does().told)
    CHECK(says(told, to_string(x.started_at)));
}

TEST_CASE("BO-X1 a tracker that always fails keeps no batch from its end") {
  walk_world w{5};
  w.does().on_tell = [](const tell_progress&) {
    return reply{failed(), 0ms, {}};
  };
  auto x = w.run(fmt::format(R"("trackerIntervalSecs":60,{})", tracker));
  CHECK(x.state == walk_state::finished);
  CHECK(!x.error);
}

TEST_CASE("the last step is done once, after all pages, and may be tried "
          "again") {
  walk_world w{15};
  std::atomic<int> calls = 0;
  w.does().on_tell = [&](const tell_progress&) {
    return reply{++calls == 1 ? failed() : page_result{}, 0ms, {}};
  };
  auto x = w.run(R"("pageSize":5,"reduce":{"kind":"class","name":"script"})");
  CHECK(x.state == walk_state::finished);
  CHECK(calls == 2);
  CHECK(says(w.does().told.back(), R"("completed":3)"));
}

TEST_CASE("a last step that cannot be done is told") {
  walk_world w{5};
  w.does().on_tell = [](const tell_progress&) {
    return reply{failed("full"), 0ms, {}};
  };
  auto x = w.run(R"("initialAttempts":2,"reduce":)"
                 R"({"kind":"class","name":"script"})");
  CHECK(x.completed == 1);
  CHECK(x.error->find("the last step failed: full") != std::string::npos);
}

TEST_CASE("a last step is cancelled, and not tried again") {
  walk_world w{5};
  w.does().on_tell = [](const tell_progress&) { return reply{{}, 60s, {}}; };
  REQUIRE(w.start(w.spec(reduce)));
  w.until([&](const walk_view&) { return w.does().times_told() == 1; });

  REQUIRE(w.change(walk_verb::cancel));

  CHECK(w.wait().state == walk_state::cancelled);
  CHECK(w.does().times_told() == 1);
}

TEST_CASE("the time of a batch is that of its last step, too") {
  walk_world w{5};
  w.does().on_tell = [](const tell_progress&) { return reply{{}, 60s, {}}; };
  auto x = w.run(fmt::format(R"("batchTimeoutSecs":0.1,{})", reduce));
  CHECK(x.state == walk_state::timed_out);
  CHECK(says(*x.error, "batchTimeoutSecs"));
}

TEST_CASE("a batch whose tracker is told the end is not cancelled any more") {
  walk_world w{5};
  w.does().on_tell = [](const tell_progress&) { return reply{{}, 50ms, {}}; };
  REQUIRE(w.start(w.spec(tracker)));
  w.until([&](const walk_view&) { return w.does().times_told() == 2; });

  auto refused = w.change(walk_verb::cancel);

  REQUIRE(!refused);
  CHECK(code_of(refused.error()) == ec::bad_field);
  CHECK(w.wait().state == walk_state::finished);
}
