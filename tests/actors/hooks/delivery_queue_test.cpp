#include "actors/hooks/delivery_queue.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace orc;
using namespace std::chrono_literals;

namespace {

using ids = std::vector<std::uint64_t>;

const hook_answer success{200, "", {}};
const hook_answer failure{500, "it answered 500", {}};
const hook_answer gone{410, "it answered 410 Gone", {}};

hook_delivery make_delivery(std::uint64_t id, std::uint64_t run) {
  hook_delivery result;
  result.id = id;
  result.hook = "ops";
  result.run = run;
  return result;
}

/// A queue and a clock that stands still.
struct fixture {
  fixture() {
    rules.give_up_after = 1h;
    rules.max_in_flight = 8;
  }

  delivery_queue& subject() {
    if (!queue)
      queue.emplace(rules, 7);
    return *queue;
  }

  /// Fills it with deliveries 1, 2, … of the runs given.
  void fill(std::vector<std::uint64_t> runs) {
    delivery_page page;
    for (auto run : runs)
      page.items.push_back(make_delivery(page.items.size() + 1, run));
    subject().loading();
    subject().loaded(page);
  }

  ids take() {
    ids result;
    while (auto x = subject().next(at))
      result.push_back(x->id);
    return result;
  }

  settle_delivery answer(std::uint64_t id, const hook_answer& x) {
    auto result = subject().answered(id, x, at);
    REQUIRE(result);
    return *result;
  }

  /// Lets the clock go on to when something is due.
  void skip_pause() {
    REQUIRE(subject().due());
    at = std::max(at, *subject().due());
  }

  hook_settings rules;
  std::optional<delivery_queue> queue;
  timestamp at{1'000'000};
};

} // namespace

TEST_CASE_METHOD(fixture, "facts about one run go one after another") {
  fill({1, 1, 1});
  CHECK(take() == ids{1});
  CHECK(answer(1, success).end == delivery_end::delivered);
  CHECK(take() == ids{2});
}

TEST_CASE_METHOD(fixture, "facts about different runs go side by side") {
  fill({1, 1, 2, 3});
  CHECK(take() == ids{1, 3, 4});
}

TEST_CASE_METHOD(fixture, "no more are under way than are allowed") {
  rules.max_in_flight = 2;
  fill({1, 2, 3});
  CHECK(take() == ids{1, 2});
  answer(2, success);
  CHECK(take() == ids{3});
}

TEST_CASE_METHOD(fixture,
                 "one that fails is tried again, before its followers") {
  fill({1, 1, 2});
  take();
  auto outcome = answer(1, failure);
  CHECK(outcome.end == delivery_end::retry);
  CHECK(outcome.attempts == 1);
  CHECK(outcome.problem == "it answered 500");
  CHECK(*outcome.next_at > at);
  CHECK(take() == ids{});
  skip_pause();
  CHECK(take() == ids{1});
}

TEST_CASE_METHOD(fixture, "pauses double up to a quarter of an hour") {
  rules.give_up_after = 100h;
  fill({1});
  std::chrono::milliseconds longest{0};
  for (std::uint32_t i = 1; i <= 20; ++i) {
    skip_pause();
    REQUIRE(take() == ids{1});
    auto pause = *answer(1, failure).next_at - at;
    auto doubled = std::chrono::milliseconds{1000LL << std::min(i - 1, 12U)};
    CHECK(pause >= std::min<std::chrono::milliseconds>(doubled, 15min) / 2);
    CHECK(pause <= doubled);
    longest = std::max(longest, pause);
  }
  CHECK(longest > 7min);
  CHECK(longest <= 15min);
}

TEST_CASE_METHOD(fixture, "a pause that the receiver asks for is kept") {
  fill({1});
  take();
  auto outcome = answer(1, {429, "busy", 120s});
  CHECK(*outcome.next_at - at >= 120s);
}

TEST_CASE_METHOD(fixture,
                 "a receiver that is down gets one request at a time") {
  fill({1, 2, 3, 4, 5});
  REQUIRE(take() == ids{1, 2, 3, 4, 5});
  for (auto id : ids{1, 2, 3, 4, 5})
    answer(id, failure);
  CHECK(subject().is_failing());
  skip_pause();
  CHECK(take().size() == 1);
}

TEST_CASE_METHOD(fixture, "a receiver that is back gets all that waits") {
  fill({1, 2, 3, 4, 5});
  for (auto id : take())
    answer(id, failure);
  at = at + 20min;
  auto probe = take();
  REQUIRE(probe.size() == 1);
  answer(probe.front(), success);
  CHECK_FALSE(subject().is_failing());
  CHECK(take().size() == 4);
}

TEST_CASE_METHOD(fixture, "one that fails for too long is given up, and the "
                          "next of its run goes") {
  fill({1, 1});
  subject().next(at);
  at = timestamp{} + 1h;
  CHECK(answer(1, failure).end == delivery_end::dead);
  skip_pause();
  CHECK(take() == ids{2});
}

TEST_CASE_METHOD(fixture, "410 disables the webhook until it is redriven") {
  fill({1, 2, 3});
  take();
  CHECK_FALSE(subject().answered(1, gone, at));
  CHECK(subject().is_disabled());
  CHECK_FALSE(subject().answered(2, success, at));
  subject().grew();
  CHECK_FALSE(subject().is_hungry());
  CHECK_FALSE(subject().due());

  subject().rewind();
  CHECK(subject().is_hungry());
  CHECK(subject().last() == 0);
}

TEST_CASE_METHOD(fixture,
                 "a page that was under way at a redrive does not hide "
                 "older deliveries") {
  subject().loading();
  subject().rewind();
  delivery_page page;
  page.items.push_back(make_delivery(9, 1));
  subject().loaded(page);
  CHECK(subject().is_hungry());
  CHECK(subject().last() == 0);
}

TEST_CASE_METHOD(fixture, "what is known already is not taken twice") {
  fill({1, 2});
  fill({1, 2});
  CHECK(take() == ids{1, 2});
}

TEST_CASE_METHOD(fixture, "more of the backlog is loaded when half of the "
                          "window is gone") {
  CHECK(subject().is_hungry());
  subject().loading();
  CHECK_FALSE(subject().is_hungry());
  delivery_page page;
  for (std::uint64_t id = 1; id <= delivery_queue::window; ++id)
    page.items.push_back(make_delivery(id, id));
  page.next_after = delivery_queue::window;
  subject().loaded(page);
  CHECK_FALSE(subject().is_hungry());
  for (std::size_t i = 0; i < delivery_queue::window / 2; ++i)
    answer(subject().next(at)->id, success);
  CHECK(subject().is_hungry());
  CHECK(subject().last() == delivery_queue::window);
}

TEST_CASE_METHOD(fixture, "what was added while a page was read is asked for") {
  subject().loading();
  subject().grew();
  subject().loaded({});
  CHECK(subject().is_hungry());
}

TEST_CASE_METHOD(fixture, "a restart goes on with the pauses it finds") {
  auto late = make_delivery(1, 1);
  late.next_at = at + 5min;
  late.attempts = 6;
  subject().loading();
  subject().loaded({{late, make_delivery(2, 2)}, std::nullopt});
  CHECK(take() == ids{2});
  skip_pause();
  CHECK(at == *late.next_at);
  CHECK(take() == ids{1});
  CHECK(answer(1, failure).attempts == 7);
}
