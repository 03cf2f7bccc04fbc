// Batches from their start to their end; the numbers are those of the list of
// accepted behaviour in docs/batches.md.

#include "tests/actors/walk/walk_world.hpp"

#include <set>

using namespace orc;
using namespace orc::test;

TEST_CASE("BO-1 one item is one page, and the batch has its start time") {
  walk_world w{1};
  auto before = orc::now();

  auto x = w.run(R"("pageSize":10,"maxParallelism":3)");

  CHECK(x.completed == 1);
  CHECK(x.max_achieved == 1);
  CHECK(x.items == 1);
  CHECK(x.state == walk_state::finished);
  CHECK(x.started_at >= before);
  CHECK(x.started_at <= *x.finished_at);
}

TEST_CASE("BO-2 19 items in pages of 10 are two pages") {
  walk_world w{19};
  CHECK(w.run(R"("pageSize":10,"maxParallelism":3)").completed == 2);
}

TEST_CASE("BO-3 the size of pages is honoured") {
  walk_world w{49};
  auto x = w.run(R"("pageSize":5,"maxParallelism":3)");
  CHECK(x.completed == 10);
  CHECK(x.items == 49);
}

TEST_CASE("BO-4 as many pages as allowed are done at a time") {
  walk_world w{59};
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 20ms, {}};
  };
  auto x = w.run(R"("pageSize":10,"maxParallelism":3)");
  CHECK(x.completed == 6);
  CHECK(x.max_achieved == 3);
}

TEST_CASE("BO-5 a limit of 0 starts nothing until it is raised") {
  walk_world w{15};
  REQUIRE(w.start(w.spec(R"("pageSize":10,"maxParallelism":0)")));
  w.still_going_after(60ms);
  CHECK(w.does().calls() == 0);

  REQUIRE(w.change(walk_verb::set_parallelism, 5));

  CHECK(w.wait().completed == 2);
}

TEST_CASE("BO-6 BO-7 counters survive, however often the process ends") {
  walk_world w{45};
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 15ms, {}};
  };
  REQUIRE(w.start(w.spec(R"("pageSize":10,"maxParallelism":1)")));
  for (std::uint64_t n : {1, 3}) {
    w.until_stored([=](const walk_view& x) { return x.completed >= n; });
    w.die();
    w.live();
  }
  auto x = w.wait();
  CHECK(x.completed == 5);
  CHECK(x.items == 45);
}

TEST_CASE("BO-8 the processor sees the time that it has") {
  walk_world w{1};
  w.run(R"("pageTimeoutSecs":123)");
  CHECK(w.does().pages[0].timeout == 123s);
}

TEST_CASE("BO-10 a cursor that repeats itself ends the chain") {
  walk_world w;
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 0ms, {"same"}};
  };
  auto x = w.run(R"("pageSize":10)", true);
  CHECK(x.completed == 2);
  REQUIRE(x.error);
  CHECK_THAT(*x.error, Catch::Contains("\"same\""));
}

TEST_CASE("a cursor that leads to the first page ends the chain") {
  walk_world w;
  w.does().on_page = [](const process_page& x, int) {
    auto next = x.cursor == "z" ? "first" : x.cursor + "z";
    return reply{{}, 0ms, {next == "firstz" ? "z" : next}};
  };
  auto x = w.run(R"("firstCursor":"first","maxParallelism":1)", true);
  CHECK(x.completed == 2);
  REQUIRE(x.error);
  CHECK_THAT(*x.error, Catch::Contains("\"first\""));
}

TEST_CASE("an empty cursor is none: the page is the last one") {
  walk_world w;
  w.does().on_page = [](const process_page& x, int) {
    return reply{{}, 0ms, {x.page < 2 ? std::to_string(x.page + 1) : ""}};
  };
  auto x = w.run(R"("retryMode":"at-most-once")", true);
  CHECK(x.completed == 3);
  CHECK(w.does().calls() == 3);
  CHECK(!x.error);
}

TEST_CASE("a chain that leads back far behind ends, too") {
  walk_world w;
  w.does().on_page = [](const process_page& x, int) {
    auto at = x.cursor.empty() ? 0 : std::stoi(x.cursor);
    return reply{{}, 0ms, {std::to_string((at + 1) % 50 + 1)}};
  };
  auto x = w.run(R"("maxParallelism":1)", true);
  CHECK(x.completed < 250);
}

TEST_CASE("how much time is left follows from the items that there are") {
  walk_world w{400};
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 5ms, {}};
  };
  REQUIRE(w.start(w.spec(R"("pageSize":1,"maxParallelism":1,)"
                         R"("expectedItems":400)")));
  auto x = w.until([](const walk_view& y) { return y.eta_secs.has_value(); });
  CHECK(x.items_per_sec > 0);
  CHECK(*x.eta_secs > 0);
  REQUIRE(w.change(walk_verb::pause));
  CHECK(!w.now().eta_secs);
  REQUIRE(w.change(walk_verb::resume));
  REQUIRE(w.change(walk_verb::cancel));
  CHECK(w.wait().is_finished);
}

TEST_CASE("BO-21 how it stands can be asked at any time") {
  walk_world w{20};
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 20ms, {}};
  };
  REQUIRE(w.start(w.spec(R"("pageSize":10,"maxParallelism":1)")));
  auto seen = std::set<std::uint64_t>{};
  w.until([&](const walk_view& x) {
    seen.insert(x.completed);
    return x.is_finished;
  });
  CHECK(*seen.rbegin() == 2);
  CHECK(seen.size() <= 3);
}

TEST_CASE("BO-26 args and the name of the batch reach the processor") {
  walk_world w{3};
  w.run(R"("args":{"a":[1,2]})");
  CHECK(w.does().pages[0].batch == "b");
  CHECK(w.does().pages[0].args.view() == R"({"a":[1,2]})");
  CHECK(w.does().pages[0].items.view() == "0\n1\n2\n");
}

TEST_CASE("BO-27 an unknown class is refused, and those there are are named") {
  walk_world w{1};
  auto x = w.start(R"({"name":"b","source":{"kind":"processor"},)"
                   R"("processor":{"kind":"class","name":"other"}})");
  REQUIRE(!x);
  CHECK(message_of(x.error()).find("there are script") != std::string::npos);
  CHECK(!w.ask<walk_view>(wait_walk{"b", 0ms}));
}

TEST_CASE("an input without a place for the items is refused at once") {
  walk_world w{15};

  auto refused = w.start(
    R"({"name":"b","source":{"kind":"ndjson","path":"x"},"processor":)"
    R"({"kind":"run","actor":"a","input":{"depth":1}}})");

  REQUIRE(!refused);
  CHECK(code_of(refused.error()) == ec::bad_field);
  CHECK_THAT(message_of(refused.error()),
             Catch::StartsWith("processor.input: must hold {\"$items\""));
}

TEST_CASE("BO-S2 BO-X5 a pause lets pages end, starts none, and is a flag of "
          "its own") {
  walk_world w{200};
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 10ms, {}};
  };
  REQUIRE(w.start(w.spec(R"("pageSize":10,"maxParallelism":2)")));
  w.until([](const walk_view& x) { return x.completed > 1; });
  REQUIRE(w.change(walk_verb::pause));
  REQUIRE(w.change(walk_verb::pause));
  auto still = w.until([](const walk_view& x) { return x.processing == 0; });
  REQUIRE(w.change(walk_verb::set_parallelism, 5));
  auto later = w.still_going_after(40ms);
  CHECK(later.completed == still.completed);
  CHECK(later.is_paused);

  REQUIRE(w.change(walk_verb::resume));

  auto x = w.wait();
  CHECK(x.completed == 20);
  CHECK(x.max_parallelism == 5);
}

TEST_CASE("limits are a stack: restored in turn, the first one stays") {
  walk_world w{10};
  REQUIRE(w.start(w.spec(R"("maxParallelism":0)")));
  w.change(walk_verb::set_parallelism, 0);
  w.change(walk_verb::pause);
  CHECK(w.change(walk_verb::set_parallelism, 9)->max_parallelism == 9);
  CHECK(w.change(walk_verb::restore_parallelism)->max_parallelism == 0);
  CHECK(w.change(walk_verb::restore_parallelism)->max_parallelism == 0);
  CHECK(w.change(walk_verb::restore_parallelism)->max_parallelism == 0);
  CHECK(w.change(walk_verb::cancel));
  CHECK(w.wait().state == walk_state::cancelled);
}

TEST_CASE("BO-X3 the start time is the batch's, across restarts") {
  walk_world w{10};
  REQUIRE(w.start(w.spec(R"("maxParallelism":0)")));
  auto began = w.now().started_at;
  w.still_going_after(5ms);
  w.die();
  w.live();
  w.until([](const walk_view&) { return true; });
  CHECK(w.now().started_at == began);
}

TEST_CASE("BO-18 BO-19 the time of the batch ends it") {
  walk_world w{10'000};
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 30ms, {}};
  };
  auto x = w.run(R"("pageSize":10,"maxParallelism":2,"batchTimeoutSecs":0.15)");
  CHECK(x.state == walk_state::timed_out);
  CHECK(x.error->find("batchTimeoutSecs") != std::string::npos);
  CHECK(x.completed > 0);
}

TEST_CASE("BO-X7 thousands of pages leave nothing in memory or in the store") {
  walk_world w{20'000};
  auto x = w.run(R"("pageSize":1,"maxParallelism":8)");
  CHECK(x.completed == 20'000);
  CHECK(x.max_achieved <= 8);
  CHECK(*w.reads == 20'000);
  auto left
    = w.ask<walk_page_views>(list_walk_pages{"b", page_state::live, 100});
  CHECK(left->items.empty());
}

TEST_CASE("the same name joins; another source is another batch") {
  walk_world w{10};
  REQUIRE(w.start(w.spec(R"("maxParallelism":0)")));
  CHECK(w.start(w.spec(R"("maxParallelism":2)"))->name == "b");
  CHECK(w.wait().completed == 1);
  CHECK(w.start(w.spec(R"("maxParallelism":2)"))->completed == 1);
  auto other = w.start(w.spec("\"maxParallelism\":2", true));
  REQUIRE(!other);
  CHECK(code_of(other.error()) == ec::name_conflict);
}

TEST_CASE("two that start a batch at once start one, and both are answered") {
  walk_world w{10};
  auto [one, other] = w.start_twice(w.spec(R"("maxParallelism":0)"));
  CHECK(one);
  CHECK(other);
}

TEST_CASE("a batch that lives reads no other source, and begins nowhere else") {
  walk_world w{10};
  REQUIRE(w.start(w.spec(R"("maxParallelism":0)")));
  for (const auto& spec : {w.spec("\"maxParallelism\":0", true),
                           w.spec(R"("maxParallelism":0,"firstCursor":"5")")}) {
    auto other = w.start(spec);
    REQUIRE(!other);
    CHECK(code_of(other.error()) == ec::name_conflict);
  }
}

TEST_CASE("a batch that lives follows another specification at once") {
  walk_world w{10};
  REQUIRE(w.start(w.spec(R"("pageSize":10,"maxParallelism":0)")));
  REQUIRE(w.start(
    w.spec(R"("pageSize":10,"maxParallelism":0,"trackerIntervalSecs":0.001,)"
           R"("tracker":{"kind":"class","name":"script"})")));
  auto told = [&] {
    std::lock_guard guard{w.does().mutex};
    return w.does().told.size();
  };
  w.until([&](const walk_view&) { return told() > 1; });

  // And does without what another one leaves out.
  REQUIRE(w.start(w.spec(R"("pageSize":10,"maxParallelism":1)")));

  CHECK(w.wait().completed == 1);
}

TEST_CASE("a batch that lives stays as it is if another specification asks for "
          "a class that is not there") {
  walk_world w{10};
  REQUIRE(w.start(w.spec(R"("pageSize":10,"maxParallelism":0)")));
  auto other = w.start(w.spec(
    R"("pageSize":10,"maxParallelism":1,"reduce":{"kind":"class","name":"x"})"));
  REQUIRE(!other);
  CHECK(code_of(other.error()) == ec::bad_field);
  CHECK(w.now().max_parallelism == 0);
}

TEST_CASE("a batch that cannot be taken up says why, and can be cancelled") {
  walk_world w{10};
  REQUIRE(w.start(w.spec(R"("maxParallelism":0)")));
  w.die();
  *w.source_is_gone = true;
  w.live();
  auto x = w.until([](const walk_view& y) { return y.error.has_value(); });
  CHECK(x.state == walk_state::running);
  CHECK_THAT(*x.error, Catch::Contains("there is no source"));
  CHECK(!w.change(walk_verb::pause));

  auto cancelled = w.change(walk_verb::cancel);

  REQUIRE(cancelled);
  CHECK(cancelled->state == walk_state::cancelled);
  CHECK(w.now().state == walk_state::cancelled);
}

TEST_CASE("an empty source is a batch without pages") {
  walk_world w{0};
  auto x = w.run(R"("pageSize":10)");
  CHECK(x.pages == 0);
  CHECK(x.completed == 0);
  CHECK(w.does().calls() == 0);
}

TEST_CASE("a ramp lets the limit grow") {
  walk_world w{40};
  w.does().on_page = [](const process_page&, int) {
    return reply{{}, 10ms, {}};
  };
  auto x = w.run(R"("pageSize":1,"maxParallelism":4,)"
                 R"("rampUp":{"from":1,"to":4,"overSecs":0.1})");
  CHECK(x.max_achieved == 4);
  CHECK(x.completed == 40);
}

TEST_CASE("a ramp is at its begin at the start, halfway in the middle") {
  timestamp start{1'000'000};
  limiter x{walk_ramp{false, 2, 10, 8}, start};
  walk_limits limits{20, {}, false};
  CHECK(x.at(limits, start) == 2);
  CHECK(x.at(limits, start + 4s) == 6);
  CHECK(x.at(limits, start + 7'999ms) == 9);
  CHECK(x.at(limits, start + 8s) == 10);
  CHECK(!x.next_change(start + 8s));
  // The limit that users set holds in any case, and so does a pause.
  CHECK(x.at({5, {}, false}, start + 8s) == 5);
  CHECK(x.at({20, {}, true}, start + 8s) == 0);
}

TEST_CASE("an automatic ramp grows by success and halves after an error") {
  limiter x{walk_ramp{true, 4, {}, 0}, {}};
  walk_limits limits{10, {}, false};
  auto at = [&] { return x.at(limits, {}); };
  REQUIRE(at() == 4);
  for (auto i = 0; i < 4; ++i)
    x.succeed(limits);
  CHECK(at() == 5);
  auto cuts = x.cuts();
  x.trouble(cuts);
  x.trouble(cuts);
  CHECK(at() == 2);
  x.trouble(x.cuts());
  x.trouble(x.cuts());
  CHECK(at() == 1);
}
