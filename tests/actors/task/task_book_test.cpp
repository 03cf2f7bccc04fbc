#include "actors/task/task_book.hpp"

#include <catch2/catch.hpp>

#include <utility>

using namespace orc;
using namespace std::chrono_literals;

namespace {

constexpr auto start = timestamp{1'700'000'000'000};

/// A book with one group, and steps in a few words.
struct fixture {
  fixture() {
    book.clear({1, 0, 0, {}}, start);
    group = book.next_group_key();
    book.put_group({group, start, false});
    at(start);
  }

  /// Lets time go on. @returns the tasks that came back.
  std::vector<std::uint64_t> at(timestamp x) {
    out = {};
    return book.advance(x, out);
  }

  std::uint64_t
  create(task_definition x, std::vector<std::uint64_t> parents = {}) {
    x.channel = x.channel.value_or("c");
    if (!parents.empty()) {
      x.parent_ids.emplace();
      for (auto key : parents)
        x.parent_ids->push_back(book.has(key) ? book.id_of(key) : "gone");
    }
    return book.create(group, x, parents, out);
  }

  std::uint64_t acquire(const std::string& worker = "w",
                        std::chrono::milliseconds lease = 60s) {
    acquire_task x;
    x.channel = "c";
    x.worker = worker;
    return book.acquire(x, lease, out).value_or(0);
  }

  task_book::effects complete(std::uint64_t key, release_task x = {}) {
    x.output = json_text{"1"};
    auto result = book.complete(key, x, out);
    REQUIRE(result);
    return *result;
  }

  task_book::effects fail(std::uint64_t key) {
    release_task x;
    x.error = json_text{"\"no\""};
    return book.fail(key, x, out);
  }

  static task_definition with_priority(double x) {
    task_definition result;
    result.priority = x;
    return result;
  }

  static task_definition with_key(const char* x) {
    task_definition result;
    result.key = x;
    result.error_delay_secs = 0;
    return result;
  }

  std::size_t count(task_change_kind kind) const {
    std::size_t result = 0;
    for (const auto& x : out.changes)
      result += x.kind == kind ? 1 : 0;
    return result;
  }

  task_book book;
  change_tasks out;
  std::uint64_t group = 0;
};

} // namespace

TEST_CASE_METHOD(fixture, "priority comes first, then age") {
  auto old = create({});
  auto young = create({});
  auto urgent = create(with_priority(1));
  auto late = create(with_priority(-1));
  CHECK(acquire() == urgent);
  CHECK(acquire() == old);
  CHECK(acquire() == young);
  CHECK(acquire() == late);
  CHECK(acquire() == 0);
}

TEST_CASE_METHOD(fixture, "a lease that ends brings the task back") {
  auto task = create({});
  CHECK(acquire("w", 10s) == task);
  CHECK(book.next_due() == start + 10s);
  CHECK(at(start + 9s).empty());
  CHECK_FALSE(book.check_lease(task, "w"));
  CHECK(at(start + 10s) == std::vector{task});
  CHECK(count(task_change_kind::unlease) == 1);
  CHECK(book.check_lease(task, "w"));
  CHECK(acquire("other") == task);
}

TEST_CASE_METHOD(fixture, "a lease that ends is a failure where it is wanted") {
  task_definition twice;
  twice.fails_on_lease_end = true;
  twice.remaining_attempts = 2;
  auto task = create(twice);
  CHECK(acquire("w", 10s) == task);
  CHECK(at(start + 10s) == std::vector{task});
  REQUIRE(count(task_change_kind::fail) == 1);
  CHECK(out.changes.back().count == 1);
  CHECK(out.changes.back().text.view().find("worker w") != std::string::npos);
  // As after any other failure.
  CHECK(acquire("w") == 0);
  at(start + 40s);
  CHECK(acquire("w", 10s) == task);
  at(start + 50s);
  at(start + 1h);
  CHECK(acquire("w") == 0);
}

TEST_CASE_METHOD(fixture, "each of two with one key fails as it is wanted") {
  auto once = with_key("k");
  once.fails_on_lease_end = true;
  once.remaining_attempts = 1;
  auto failed = create(once);
  auto other = create(with_key("k"));
  CHECK(acquire("w", 10s) == failed);
  at(start + 10s);
  CHECK(count(task_change_kind::unlease) == 2);
  CHECK(count(task_change_kind::fail) == 1);
  CHECK(acquire("w") == other);
  // It takes along none that was given up.
  CHECK(book.leased_at(other));
}

TEST_CASE_METHOD(fixture, "a heartbeat moves the end of a lease") {
  auto task = create({});
  acquire("w", 10s);
  at(start + 9s);
  book.extend(task, 10s, out);
  CHECK(at(start + 18s).empty());
  CHECK(at(start + 19s) == std::vector{task});
}

TEST_CASE_METHOD(fixture, "a failure waits, and costs an attempt") {
  task_definition two;
  two.remaining_attempts = 2;
  auto task = create(two);
  acquire();
  fail(task);
  CHECK(acquire() == 0);
  CHECK(book.next_due() == start + 30s);
  at(start + 30s);
  CHECK(acquire() == task);
  fail(task);
  at(start + 1h);
  CHECK(acquire() == 0);
}

TEST_CASE_METHOD(fixture, "tasks of one key are done as one") {
  auto one = create(with_key("k"));
  auto two = create(with_key("k"));
  auto other = create(with_key("l"));
  CHECK(acquire("w") == one);
  CHECK(count(task_change_kind::lease) == 2);
  auto late = create(with_key("k"));
  CHECK(acquire("v") == other);
  CHECK(acquire("v") == 0);
  SECTION("completed together") {
    complete(two);
    CHECK_FALSE(book.has(one));
    CHECK_FALSE(book.has(two));
    CHECK_FALSE(book.has(late));
    CHECK(count(task_change_kind::complete) == 3);
  }
  SECTION("failed together, once each") {
    fail(one);
    CHECK(count(task_change_kind::fail) == 3);
    CHECK(acquire("u") == one);
    CHECK(acquire("u") == 0);
  }
  SECTION("given back together") {
    CHECK(at(start + 60s).size() == 3);
    CHECK(acquire("u") == one);
  }
  SECTION("one that goes lets none of the others through") {
    book.drop(two);
    CHECK(acquire("u") == 0);
    book.drop(one);
    CHECK(acquire("u") == late);
  }
}

TEST_CASE_METHOD(fixture, "a child waits for all its parents") {
  auto one = create({});
  auto two = create({});
  auto child = create({}, {one, two});
  CHECK(acquire() == one);
  CHECK(acquire() == two);
  CHECK(acquire() == 0);
  CHECK(complete(one).freed.empty());
  CHECK(acquire() == 0);
  CHECK(complete(two).freed == std::vector{child});
  CHECK(acquire() == child);
}

TEST_CASE_METHOD(fixture, "parents that are complete open nothing") {
  auto one = create({});
  acquire();
  complete(one);
  auto child = create({}, {one});
  CHECK(out.added.back().parents_complete);
  CHECK(acquire() == child);
}

TEST_CASE_METHOD(fixture, "a paused group hands out nothing") {
  auto task = create({});
  book.put_group({group, start, true});
  CHECK(acquire() == 0);
  auto other = create({});
  book.put_group({group, start, false});
  CHECK(acquire() == task);
  CHECK(acquire() == other);
}

TEST_CASE_METHOD(fixture, "a pause holds up what becomes ready meanwhile") {
  task_definition x;
  x.run_after = start + 5s;
  auto delayed = create(x);
  CHECK(book.load_of("c").delayed == 1);
  book.put_group({group, start, true});
  CHECK(book.load_of("c").delayed == 0);
  book.put_group({group, start, false});
  CHECK(book.load_of("c").delayed == 1);
  book.put_group({group, start, true});
  at(start + 6s);
  CHECK(acquire() == 0);
  CHECK(book.load_of("c").ready == 0);
  CHECK(book.explain(delayed).state == task_state::paused);
  book.await("c");
  book.put_group({group, start, false});
  CHECK(book.take_news() == std::vector<std::string>{"c"});
  CHECK(book.load_of("c").ready == 1);
  CHECK(acquire() == delayed);
}

TEST_CASE_METHOD(fixture, "a paused group is passed over") {
  auto paused = book.next_group_key();
  book.put_group({paused, start, true});
  auto first = std::exchange(group, paused);
  create(with_priority(1));
  group = first;
  auto task = create({});
  CHECK(acquire() == task);
  CHECK(acquire() == 0);
}

TEST_CASE_METHOD(fixture,
                 "to pause a large group costs what a small one does") {
  for (int i = 0; i < 20'000; ++i)
    create({});
  // Each of these would look at all tasks if any did.
  for (int i = 0; i < 20'000; ++i) {
    book.put_group({group, start, true});
    REQUIRE(acquire() == 0);
    book.put_group({group, start, false});
  }
  book.hold_group(group, 1);
  CHECK(acquire() == 0);
  book.hold_group(group, 0);
  CHECK(acquire() != 0);
}

TEST_CASE_METHOD(fixture, "a workgroup delay shortens no wait") {
  task_definition site;
  site.workgroup = "site";
  auto first = create(site);
  site.run_after = start + 1h;
  auto far = create(site);
  site.run_after = start + 1s;
  auto near = create(site);
  acquire();
  release_task x;
  x.workgroup_delay_secs = 60;
  x.output = json_text{"1"};
  out = {};
  CHECK(book.complete(first, x, out)->workgroup_until == start + 60s);
  at(start + 59s);
  CHECK(acquire() == 0);
  at(start + 60s);
  CHECK(acquire() == near);
  CHECK(acquire() == 0);
  at(start + 1h);
  CHECK(acquire() == far);
}

TEST_CASE_METHOD(fixture, "a channel that is awaited has news once") {
  book.await("c");
  CHECK(book.take_news().empty());
  create({});
  create({});
  CHECK(book.take_news() == std::vector<std::string>{"c"});
  CHECK(book.take_news().empty());
}

TEST_CASE_METHOD(fixture, "channels are counted") {
  auto one = create({});
  create({});
  acquire();
  complete(one);
  acquire();
  book.count({"old", 7});
  book.count({"gone", 2});
  book.count({"gone", -2});
  auto all = book.standings().channels;
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "c");
  CHECK(all[0].total == 2);
  CHECK(all[0].complete == 1);
  CHECK(all[0].assigned == 1);
  CHECK(all[1].total == 7);
  CHECK(all[1].complete == 7);
}

TEST_CASE_METHOD(fixture, "a channel is forgotten that nothing is known of") {
  auto news = [this] { return book.take_new_channels().size(); };
  auto one = create({});
  CHECK(book.channels().size() == 1);
  CHECK(news() == 1);
  acquire();
  complete(one);
  CHECK(book.channels().empty());
  // It comes anew.
  one = create({});
  CHECK(news() == 1);
  book.await("c");
  acquire();
  complete(one);
  one = create({});
  CHECK(news() == 0);
  book.await("c");
  acquire();
  complete(one);
  book.stop_awaiting("c");
  create({});
  CHECK(news() == 1);
}

TEST_CASE_METHOD(fixture, "what is learnt anew replaces what was known") {
  auto parent = create({});
  auto child = create({}, {parent});
  live_task edited;
  edited.key = child;
  edited.group = group;
  edited.channel = "c";
  edited.created_at = start;
  edited.attempts = 3;
  book.put(edited);
  CHECK(acquire() == parent);
  CHECK(acquire() == child);
  // It is no child any more.
  CHECK(complete(parent).freed.empty());
  book.drop_group(group);
  CHECK_FALSE(book.has(child));
}

TEST_CASE_METHOD(fixture,
                 "a group is open while one of its tasks may be done") {
  CHECK_FALSE(book.has_open(group));
  task_definition x;
  x.remaining_attempts = 1;
  auto done = create(x);
  auto dead = create(x);
  CHECK(book.has_open(group));
  REQUIRE(acquire() == done);
  complete(done);
  REQUIRE(acquire() == dead);
  CHECK(book.has_open(group));
  fail(dead);
  CHECK_FALSE(book.has_open(group));
  live_task again;
  again.key = dead;
  again.group = group;
  again.attempts = 2;
  book.put(again);
  CHECK(book.has_open(group));
  book.drop(dead);
  CHECK_FALSE(book.has_open(group));
}
