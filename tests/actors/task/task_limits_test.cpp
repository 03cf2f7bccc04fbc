#include "actors/task/task_book.hpp"
#include "messages/base/error.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace std::chrono_literals;

namespace {

constexpr auto start = timestamp{1'700'000'000'000};

task_limits so_many(std::uint64_t concurrency) {
  return {concurrency, std::nullopt, std::nullopt};
}

task_limits rate(double per_sec, std::optional<double> burst = std::nullopt) {
  return {std::nullopt, per_sec, burst};
}

/// A book with one group, at a time that the test sets.
struct fixture {
  fixture() {
    begin({1, 0, 0, {}});
    group = book.next_group_key();
    book.put_group({group, start, false});
  }

  void begin(const task_book_summary& x) {
    book.clear(x, start);
    at(start);
  }

  void at(timestamp x) {
    out = {};
    book.advance(x, out);
  }

  std::uint64_t create(const char* workgroup, const char* channel = "c",
                       double priority = 0, const char* key = nullptr) {
    task_definition x;
    x.channel = channel;
    x.priority = priority;
    x.error_delay_secs = 0;
    if (*workgroup != 0)
      x.workgroup = workgroup;
    if (key)
      x.key = key;
    return book.create(group, x, {}, out);
  }

  void limit(const char* workgroup, const task_limits& x) {
    book.limit({limit_scope::workgroup, workgroup, x});
  }

  std::uint64_t acquire(const char* channel = "c") {
    acquire_task x;
    x.channel = channel;
    x.worker = "w";
    return book.acquire(x, 60s, out).value_or(0);
  }

  void complete(std::uint64_t key) {
    release_task x;
    x.output = json_text{"1"};
    REQUIRE(book.complete(key, x, out));
  }

  limit_standing standing(const char* workgroup) {
    auto found = book.limits({limit_scope::workgroup, workgroup});
    REQUIRE(found.size() == 1);
    return found.front();
  }

  task_book book;
  change_tasks out;
  std::uint64_t group = 0;
};

} // namespace

TEST_CASE("a bucket that is full gives all its tokens at once") {
  task_gate gate;
  gate.limit(rate(2, 3), 0);
  gate.observe(start);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(gate.is_open(start));
    gate.spend(start);
  }
  CHECK(!gate.is_open(start));
  CHECK(gate.opens_at(start) == start + 500ms);
  CHECK(gate.is_open(start + 500ms));
  CHECK(gate.tokens(start + 500ms) == Approx(1));
  CHECK(gate.tokens(start + 1h) == Approx(3));
}

TEST_CASE("a bucket gives its rate in the long run, and no more") {
  task_gate gate;
  gate.limit(rate(7, 1), 0);
  auto taken = 0;
  for (auto now = start; now < start + 10s; now = now + 1ms)
    while (gate.is_open(now)) {
      gate.spend(now);
      ++taken;
    }
  CHECK(taken >= 69);
  CHECK(taken <= 71);
}

TEST_CASE("without a burst it is what comes back in a second") {
  CHECK(burst_of(rate(5)) == 5);
  CHECK(burst_of(rate(0.1)) == 1);
  CHECK(burst_of(rate(0.1, 4)) == 4);
}

TEST_CASE("a clock that is set back holds nobody up for long") {
  task_gate gate;
  gate.limit(rate(1, 2), 0);
  gate.spend(start);
  gate.spend(start);
  auto before = start - 24h;
  gate.observe(before);
  CHECK(gate.is_open(before + 1s));
}

TEST_CASE("limits that make no sense are refused") {
  CHECK(!validate(so_many(1)));
  CHECK(!validate(rate(0.5, 2)));
  CHECK(code_of(validate(task_limits{})) == ec::bad_field);
  CHECK(code_of(validate(so_many(0))) == ec::bad_field);
  CHECK(code_of(validate(rate(0))) == ec::bad_field);
  CHECK(code_of(validate(rate(1, 0.5))) == ec::bad_field);
  CHECK(code_of(validate(task_limits{std::nullopt, std::nullopt, 2})) //
        == ec::bad_field);
}

TEST_CASE_METHOD(fixture, "what a limit holds up is passed over") {
  limit("w", so_many(1));
  auto first = create("w");
  auto second = create("w");
  auto other = create("");
  CHECK(acquire() == first);
  CHECK(acquire() == other);
  CHECK(acquire() == 0);
  complete(first);
  CHECK(acquire() == second);
}

TEST_CASE_METHOD(fixture, "priority and age count over all workgroups") {
  auto a = create("v");
  auto b = create("w");
  auto c = create("");
  auto urgent = create("w", "c", 5);
  CHECK(acquire() == urgent);
  CHECK(acquire() == a);
  CHECK(acquire() == b);
  CHECK(acquire() == c);
}

TEST_CASE_METHOD(fixture, "a limit that is set holds for tasks that wait") {
  auto first = create("w");
  create("w");
  create("w", "d");
  limit("w", so_many(1));
  CHECK(acquire() == first);
  CHECK(acquire() == 0);
  CHECK(acquire("d") == 0);
  CHECK(standing("w").running == 1);
  CHECK(standing("w").waiting == 2);
  CHECK(standing("w").blocked == "1 of 1 tasks are with workers");
  book.limit({limit_scope::workgroup, "w", std::nullopt});
  CHECK(acquire("d") != 0);
  CHECK(book.limits({limit_scope::workgroup, ""}).empty());
}

TEST_CASE_METHOD(fixture, "who waits is told when a slot comes back") {
  limit("w", so_many(1));
  auto first = create("w");
  create("w", "d");
  acquire();
  book.await("d");
  book.take_news();
  complete(first);
  CHECK(book.take_news() == std::vector<std::string>{"d"});
}

TEST_CASE_METHOD(fixture, "time brings tokens back, and tells who waits") {
  limit("w", rate(10, 1));
  create("w");
  auto second = create("w");
  acquire();
  CHECK(out.spent.size() == 1);
  CHECK(acquire() == 0);
  book.await("c");
  CHECK(book.next_due() == start + 100ms);
  at(start + 99ms);
  CHECK(book.take_news().empty());
  at(start + 100ms);
  CHECK(book.take_news() == std::vector<std::string>{"c"});
  CHECK(acquire() == second);
}

TEST_CASE_METHOD(fixture, "tokens that were spent before are not there again") {
  auto full_at = static_cast<double>(start.millis + 1000);
  task_book_summary before{1, 0, 1, {{1, start, false}}};
  before.limits = {{limit_scope::workgroup, "w", rate(1, 1), full_at}};
  begin(before);
  create("w");
  CHECK(acquire() == 0);
  CHECK(book.next_due() == start + 1s);
  at(start + 1s);
  CHECK(acquire() != 0);
}

TEST_CASE_METHOD(fixture, "leases that were there before take their slots") {
  task_book_summary before{1, 0, 1, {{1, start, false}}};
  before.limits = {{limit_scope::workgroup, "w", so_many(2), 0}};
  begin(before);
  live_task x;
  x.group = 1;
  x.channel = "c";
  x.workgroup = "w";
  x.attempts = 5;
  x.worker = "v";
  x.lease_until = start + 1min;
  for (x.key = 1; x.key <= 2; ++x.key)
    book.put(x);
  group = 1;
  create("w");
  CHECK(acquire() == 0);
  CHECK(standing("w").running == 2);
  // Both leases end.
  at(start + 2min);
  CHECK(standing("w").running == 0);
  CHECK(acquire() != 0);
}

TEST_CASE_METHOD(fixture, "tasks of one key take one slot") {
  limit("w", so_many(2));
  auto first = create("w", "c", 0, "k");
  create("w", "c", 0, "k");
  auto other = create("w", "c", 0, "l");
  create("w", "c", 0, "m");
  CHECK(acquire() == first);
  CHECK(standing("w").running == 1);
  CHECK(acquire() == other);
  CHECK(acquire() == 0);
  complete(first);
  CHECK(standing("w").running == 1);
}

TEST_CASE_METHOD(fixture, "what was not given takes no slot and no attempt") {
  limit("w", so_many(1));
  auto task = create("w");
  CHECK(acquire() == task);
  book.give_back(task, out);
  CHECK(standing("w").running == 0);
  CHECK(acquire() == task);
}

TEST_CASE_METHOD(fixture, "a channel has limits, too") {
  book.limit({limit_scope::channel, "c", so_many(1)});
  auto first = create("w");
  auto second = create("");
  CHECK(acquire() == first);
  CHECK(acquire() == 0);
  CHECK(book.explain(second).state == task_state::channel);
  complete(first);
  CHECK(acquire() == second);
}

TEST_CASE_METHOD(fixture, "a heartbeat keeps the slot") {
  limit("w", so_many(1));
  auto task = create("w");
  create("w");
  acquire();
  at(start + 30s);
  book.extend(task, 60s, out);
  CHECK(standing("w").running == 1);
  at(start + 80s);
  CHECK(standing("w").running == 1);
  at(start + 90s);
  CHECK(standing("w").running == 0);
}

TEST_CASE_METHOD(fixture, "a task says what it waits for") {
  limit("w", rate(1, 1));
  create("w");
  auto held = create("w");
  auto free = create("");
  acquire();
  auto why = book.explain(held);
  CHECK(why.state == task_state::workgroup);
  CHECK(why.until == start + 1s);
  CHECK(book.explain(free).state == task_state::ready);
}

TEST_CASE_METHOD(fixture, "what is held up costs others nothing") {
  limit("w", so_many(1));
  for (int i = 0; i < 20'000; ++i)
    create("w");
  acquire();
  // Each of these would look at all of them if any did.
  for (int i = 0; i < 20'000; ++i) {
    create("");
    REQUIRE(acquire() != 0);
  }
}
