// What a pool decides, tick by tick, without a process. The names carry the
// numbers of the acceptance cases, docs/pools.md.

#include "actors/pool/pool_plan.hpp"
#include "actors/pool/spawn_rule.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace orc;
using namespace std::chrono_literals;

namespace {

worker_type type(std::string name, std::uint64_t limit = 4) {
  worker_type x;
  x.name = name;
  x.channel = std::move(name);
  x.limit = limit;
  return x;
}

pool_settings settings(std::vector<worker_type> types) {
  pool_settings x;
  x.name = "pool";
  x.types = std::move(types);
  x.interval = 1s;
  return x;
}

/// A pool whose workers register at once.
class instant_pool {
public:
  explicit instant_pool(pool_settings x, bool exits = true)
    : plan{std::move(x), exits}, loads(plan.types().size()) {
    // nop
  }

  pool_plan::step tick() {
    now = now + plan.settings().interval;
    auto step = plan.tick(loads, now);
    for (auto type : step.start)
      plan.started(type, std::to_string(++last), now);
    return step;
  }

  std::vector<std::size_t> counts() const {
    std::vector<std::size_t> result;
    for (const auto& x : plan.types())
      result.push_back(x.workers.size());
    return result;
  }

  std::size_t all() const {
    auto xs = counts();
    return std::accumulate(xs.begin(), xs.end(), std::size_t{0});
  }

  void end(const std::string& id, bool failed = false) {
    plan.ended(id, failed, "died", now);
  }

  void end_all() {
    auto types = plan.types();
    for (const auto& x : types)
      for (const auto& one : x.workers)
        end(one.id);
  }

  pool_plan plan;
  std::vector<channel_load> loads;
  timestamp now{1'000'000};
  int last = 0;
};

using counts = std::vector<std::size_t>;

} // namespace

TEST_CASE("AB-1 a new pool has not been idle and has no workers") {
  pool_plan plan{settings({type("crawl")}), true};
  CHECK(plan.idle_ticks() == 0);
  CHECK(!plan.has_workers());
}

TEST_CASE("AB-2 something is pending if any queue has a task") {
  instant_pool x{settings({type("crawl"), type("snapshot")})};
  x.tick();
  CHECK(!x.plan.has_pending());
  x.loads[1].ready = 1;
  x.tick();
  CHECK(x.plan.has_pending());
}

TEST_CASE("AB-3 a pool ends only when there is nothing, and has been") {
  auto idle = [](instant_pool& x, int ticks) {
    for (int i = 0; i < ticks; ++i)
      x.tick();
    return x.plan.should_exit();
  };
  SECTION("never as a daemon") {
    instant_pool x{settings({type("crawl")}), false};
    CHECK(!idle(x, 100));
  }
  SECTION("not while tasks are pending") {
    instant_pool x{settings({type("crawl")})};
    x.loads[0].ready = 1;
    CHECK(!idle(x, 5));
  }
  SECTION("not while workers live") {
    instant_pool x{settings({type("crawl")})};
    x.plan.started(0, "1", x.now);
    CHECK(!idle(x, 5));
  }
  SECTION("not while tasks are to come, or with a worker") {
    instant_pool x{settings({type("crawl")})};
    x.loads[0].delayed = 1;
    CHECK(!idle(x, 5));
    x.loads[0] = {"crawl", 0, 1, 0};
    CHECK(!idle(x, 5));
  }
  SECTION("after as many idle ticks as are set, not before") {
    instant_pool x{settings({type("crawl")})};
    CHECK(!idle(x, 2));
    CHECK(idle(x, 1));
  }
  SECTION("never if 0 are set") {
    auto is = settings({type("crawl")});
    is.idle_ticks = 0;
    instant_pool x{is};
    CHECK(!idle(x, 100));
  }
}

TEST_CASE("AB-4 the rule for another worker") {
  auto rule = [](std::uint64_t queued, std::uint64_t workers) {
    return should_spawn({queued, workers, 4, workers, 12, 5});
  };
  CHECK(!rule(0, 0));
  CHECK(!should_spawn({10, 4, 4, 4, 12, 1}));
  CHECK(!should_spawn({10, 0, 4, 12, 12, 1}));
  CHECK(rule(10, 0));
  CHECK(!rule(3, 1));
  CHECK(!rule(5, 1));
  CHECK(rule(6, 1));
}

TEST_CASE("AB-5 workers come one a tick, up to the limit of their type") {
  instant_pool x{settings({type("crawl", 4)})};
  x.loads[0].ready = 100;
  for (auto expected : {1u, 2u, 3u, 4u, 4u, 4u}) {
    CHECK(x.tick().start.size() <= 1);
    CHECK(x.all() == expected);
  }
}

TEST_CASE("AB-6 the limit of all holds, and every type with work has one") {
  instant_pool x{settings({type("a", 8), type("b", 8), type("c", 8)})};
  for (auto& load : x.loads)
    load.ready = 100;
  for (int i = 0; i < 20; ++i) {
    x.tick();
    CHECK(x.all() <= 12);
  }
  CHECK(x.counts() == counts{4, 4, 4});
}

TEST_CASE("AB-6 weights share the limit of all") {
  auto heavy = type("a", 12);
  heavy.weight = 3;
  auto is = settings({type("b", 12), heavy});
  is.limit = 3;
  instant_pool x{is};
  x.loads[0].ready = x.loads[1].ready = 100;
  std::size_t turns = 0;
  for (int i = 0; i < 40; ++i) {
    x.tick();
    turns += x.counts()[1];
    x.end_all();
  }
  CHECK(turns == 40);
  is.limit = 1;
  instant_pool y{is};
  y.loads[0].ready = y.loads[1].ready = 100;
  counts sum{0, 0};
  for (int i = 0; i < 40; ++i) {
    y.tick();
    sum[0] += y.counts()[0];
    sum[1] += y.counts()[1];
    y.end_all();
  }
  CHECK(sum == counts{10, 30});
}

TEST_CASE("AB-7 without tasks nothing is started") {
  instant_pool x{settings({type("crawl"), type("snapshot")})};
  for (int i = 0; i < 5; ++i)
    CHECK(x.tick().start.empty());
  CHECK(x.all() == 0);
}

TEST_CASE("AB-8 an empty pool is idle once and ends with the third tick") {
  instant_pool x{settings({type("crawl")})};
  auto first = x.tick();
  CHECK(first.became_idle);
  CHECK(!first.complete);
  auto second = x.tick();
  CHECK(!second.became_idle);
  CHECK(!second.complete);
  CHECK(x.tick().complete);
}

TEST_CASE("AB-9 a task that is due later keeps the pool until it has run") {
  instant_pool x{settings({type("crawl")})};
  x.loads[0].delayed = 1;
  for (int i = 0; i < 10; ++i)
    CHECK(!x.tick().complete);
  x.loads[0] = {"crawl", 1, 0, 0};
  CHECK(x.tick().start == std::vector<std::size_t>{0});
  x.loads[0].ready = 0;
  x.end("1");
  x.tick();
  x.tick();
  CHECK(x.tick().complete);
}

TEST_CASE("AB-13 a type that cannot be started is tried again, then waited") {
  instant_pool x{settings({type("broken"), type("good")})};
  x.loads[0].ready = x.loads[1].ready = 1;
  auto try_it = [&] {
    x.now = x.now + 1s;
    auto step = x.plan.tick(x.loads, x.now);
    auto tried = false;
    for (auto i : step.start)
      if (i == 0) {
        x.plan.not_started(0, "no such program", x.now);
        tried = true;
      } else {
        x.plan.started(i, "good", x.now);
      }
    return tried;
  };
  std::string tries;
  for (int i = 0; i < 16; ++i)
    tries += try_it() ? 'x' : '.';
  // Three in a row, then after 2 s, 4 s, 8 s.
  CHECK(tries == "xxx.x...x.......");
  CHECK(x.counts()[1] == 1);
  CHECK(x.plan.types()[0].problem == "no such program");
}

TEST_CASE("AB-13 a worker that ends at once with an error cannot be run") {
  instant_pool x{settings({type("crash")})};
  x.loads[0].ready = 1;
  std::string tries;
  for (int i = 0; i < 8; ++i) {
    auto step = x.tick();
    tries += step.start.empty() ? '.' : 'x';
    if (!step.start.empty())
      x.end(std::to_string(x.last), true);
  }
  CHECK(tries == "xxx.x...");
}

TEST_CASE("AB-13 one that has worked for a while clears the record") {
  instant_pool x{settings({type("crawl")})};
  x.loads[0].ready = 1;
  x.plan.not_started(0, "no", x.now);
  x.plan.not_started(0, "no", x.now);
  x.tick();
  x.tick();
  x.tick();
  CHECK(x.plan.types()[0].failures == 0);
}

TEST_CASE("AB-14 the tick line is exact") {
  instant_pool x{settings({type("crawl"), type("snapshot"), type("quiet")})};
  CHECK(x.tick().line.empty());
  x.plan.started(0, "a", x.now);
  x.plan.started(1, "b", x.now);
  x.plan.started(1, "c", x.now);
  x.loads[0].ready = 3;
  x.loads[1].ready = 7;
  CHECK(x.tick().line == "crawl=3q/1w snapshot=7q/2w");
}

TEST_CASE("AB-17 the slot of a worker that died is free in the next tick") {
  instant_pool x{settings({type("crawl", 1)})};
  x.loads[0].ready = 5;
  x.tick();
  CHECK(x.tick().start.empty());
  x.end("1", true);
  CHECK(x.tick().start.size() == 1);
}

TEST_CASE("AB-20 workers of their own protocol go when it has been quiet") {
  auto is = settings({type("crawl")});
  is.types[0].protocol = worker_protocol::worker;
  is.types[0].idle_exit = 2s;
  SECTION("after their time") {
    instant_pool x{is};
    x.plan.started(0, "a", x.now);
    CHECK(x.tick().stop.empty());
    CHECK(x.tick().stop.empty());
    CHECK(x.tick().stop == std::vector<std::string>{"a"});
    CHECK(x.tick().stop.empty());
  }
  SECTION("not while a task is with one of them") {
    instant_pool x{is};
    x.plan.started(0, "a", x.now);
    x.loads[0].assigned = 1;
    for (int i = 0; i < 10; ++i)
      CHECK(x.tick().stop.empty());
  }
  SECTION("0: they stay, and nobody has to look after them") {
    is.types[0].idle_exit = 0s;
    instant_pool x{is, false};
    x.plan.started(0, "a", x.now);
    for (int i = 0; i < 10; ++i)
      CHECK(x.tick().stop.empty());
    CHECK(!x.plan.needs_ticks());
  }
}

TEST_CASE("an idle daemon needs no ticks, one with work does") {
  instant_pool x{settings({type("crawl")}), false};
  x.tick();
  CHECK(!x.plan.needs_ticks());
  x.loads[0].ready = 1;
  x.tick();
  CHECK(x.plan.needs_ticks());
}

TEST_CASE("D1 the second decision for a type with a worker is one like all") {
  instant_pool x{settings({type("crawl")})};
  x.loads[0].ready = 2;
  x.tick();
  CHECK(x.tick().start.size() == 1);
}

TEST_CASE("D6 a worker counts from the moment that it is registered") {
  instant_pool x{settings({type("crawl")})};
  x.loads[0].ready = 1;
  CHECK(x.tick().start.size() == 1);
  CHECK(x.tick().start.empty());
}

TEST_CASE("D11 a type that comes later gets room when the limit binds") {
  auto is = settings({type("first", 12), type("later", 12)});
  instant_pool x{is};
  x.loads[0].ready = 1'000;
  for (int i = 0; i < 15; ++i)
    x.tick();
  REQUIRE(x.counts() == counts{12, 0});
  x.loads[1].ready = 5;
  auto step = x.tick();
  REQUIRE(step.retire.size() == 1);
  CHECK(step.stop.empty());
  // Nobody else has to go before it has.
  CHECK(x.tick().retire.empty());
  x.end(step.retire[0]);
  CHECK(x.tick().start == std::vector<std::size_t>{1});
  CHECK(x.counts() == counts{11, 1});
}

TEST_CASE("D11 where there is one place, types take turns") {
  auto is = settings({type("first"), type("later")});
  is.limit = 1;
  instant_pool x{is};
  x.loads[0].ready = x.loads[1].ready = 1'000;
  counts turns{0, 0};
  for (int i = 0; i < 100; ++i) {
    auto step = x.tick();
    CHECK(x.all() <= 1);
    for (const auto& id : step.retire)
      x.end(id);
    for (auto type : step.start)
      ++turns[type];
  }
  CHECK(turns[0] >= 3);
  CHECK(turns[1] >= 3);
}
