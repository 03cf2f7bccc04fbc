#include "actors/budget/ledger.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace std::chrono_literals;

namespace {

constexpr auto noon = timestamp{1'764'244'800'000};

budget_settings total(const char* name, double cap) {
  budget_settings x;
  x.name = name;
  x.cap_usd = cap;
  return x;
}

claim wants(std::uint64_t run, double cap) {
  claim x;
  x.key = {run_key{run}, 1};
  x.scope = {"default", "shop", "batch-1"};
  x.cap_usd = cap;
  return x;
}

claim uncapped(std::uint64_t run, double estimate) {
  auto x = wants(run, 0);
  x.cap_usd.reset();
  x.estimate_usd = estimate;
  return x;
}

/// One budget of 1 USD for everything.
struct fixture {
  fixture() {
    books.define(total("all", 1));
  }

  budget_view view(std::size_t index = 0) const {
    return books.views(noon).at(index);
  }

  std::vector<std::string> notices(ledger_notice::kind kind) {
    std::vector<std::string> result;
    books.look(noon);
    for (const auto& x : books.take_notices())
      if (x.what == kind)
        result.push_back(x.budget);
    return result;
  }

  ledger books{30s};
};

using kind = ledger_notice::kind;

} // namespace

TEST_CASE_METHOD(fixture, "a run reserves what it may be charged at most") {
  auto answer = books.reserve(wants(1, 0.4), noon);
  CHECK(answer.short_of.empty());
  CHECK(answer.reserved_usd == 0.4);
  CHECK(answer.cap_usd == 0.4);
  CHECK(view().reserved_usd == 0.4);
  CHECK(view().left_usd == 0.6);
}

TEST_CASE_METHOD(fixture, "a run that does not fit waits and is told why") {
  books.reserve(wants(1, 0.6), noon);
  auto answer = books.reserve(wants(2, 1), noon);
  CHECK(answer.short_of == "all");
  CHECK(answer.reason == "budget all has 0.40 USD left, run needs 1.00");
  CHECK_FALSE(answer.refused);
  CHECK_FALSE(answer.alone);
  CHECK(view().runs_waiting == 1);
  CHECK(view().reserved_usd == 0.6);
}

TEST_CASE_METHOD(fixture, "a run that may cost more than there is waits") {
  CHECK(books.reserve(wants(1, 1e10), noon).short_of == "all");
  CHECK(view().reserved_usd == 0);
}

TEST_CASE_METHOD(fixture, "a run without a cap is charged what is left") {
  auto answer = books.reserve(uncapped(1, 0.3), noon);
  CHECK(answer.reserved_usd == 0.3);
  CHECK(answer.cap_usd == 1);
  CHECK(answer.limited_by == "all");
}

TEST_CASE_METHOD(fixture, "an unknown Apify actor is taken to cost something") {
  auto careful = total("all", 1);
  careful.assume_usd = 0.7;
  books.define(careful);
  auto x = wants(1, 0);
  x.cap_usd.reset();
  CHECK(books.reserve(x, noon).reserved_usd == 0.7);
  x.key.run = run_key{2};
  CHECK(books.reserve(x, noon).short_of == "all");
}

TEST_CASE_METHOD(fixture, "a start that did nothing gives its money back") {
  books.reserve(wants(1, 0.6), noon);
  books.release({run_key{1}, 1});
  CHECK(view().left_usd == 1);
  CHECK(view().spent_usd == 0);
}

TEST_CASE_METHOD(fixture, "the same attempt reserves once") {
  books.reserve(wants(1, 0.6), noon);
  CHECK(books.reserve(wants(1, 0.6), noon).short_of.empty());
  CHECK(view().reserved_usd == 0.6);
}

TEST_CASE_METHOD(fixture, "money is kept until the cost is final") {
  books.reserve(wants(1, 0.6), noon);
  books.ended({run_key{1}, 1}, 0.1, noon);
  CHECK(view().reserved_usd == 0.6);
  books.settle({run_key{1}, 1}, 0.2);
  CHECK(view().reserved_usd == 0);
  CHECK(view().spent_usd == 0.2);
}

TEST_CASE_METHOD(fixture, "a cost that stays as it was told is final in time") {
  books.reserve(wants(1, 0.6), noon);
  books.ended({run_key{1}, 1}, 0.1, noon);
  books.settle_overdue(noon + 29s);
  CHECK(view().spent_usd == 0);
  books.settle_overdue(noon + 30s);
  CHECK(view().spent_usd == 0.1);
  CHECK(view().reserved_usd == 0);
}

TEST_CASE_METHOD(fixture, "a cost that never comes is an estimate") {
  auto x = wants(1, 0.6);
  x.estimate_usd = 0.25;
  books.reserve(x, noon);
  books.ended({run_key{1}, 1}, std::nullopt, noon);
  books.settle_overdue(noon + 30s);
  CHECK(view().spent_usd == 0.25);
  CHECK(view().reserved_usd == 0);
}

TEST_CASE_METHOD(fixture, "a cost that comes late replaces its estimate") {
  books.reserve(wants(1, 0.6), noon);
  books.ended({run_key{1}, 1}, std::nullopt, noon);
  books.settle_overdue(noon + 30s);
  CHECK(view().spent_usd == 0.6);
  books.settle({run_key{1}, 1}, 0.05);
  CHECK(view().spent_usd == 0.05);
}

TEST_CASE_METHOD(fixture, "a resurrected run pays only for what comes on top") {
  books.reserve(wants(1, 0.6), noon);
  books.ended({run_key{1}, 1}, 0.2, noon);
  books.settle({run_key{1}, 1}, 0.2);
  auto again = wants(1, 0.6);
  again.base_usd = 0.2;
  CHECK(books.reserve(again, noon).reserved_usd == 0.4);
  books.ended({run_key{1}, 1}, 0.5, noon);
  books.settle({run_key{1}, 1}, 0.5);
  CHECK(view().spent_usd == 0.5);
}

TEST_CASE_METHOD(fixture, "a resurrection does not wait for the final cost") {
  books.reserve(wants(1, 0.6), noon);
  books.ended({run_key{1}, 1}, 0.5, noon);
  auto again = wants(1, 0.6);
  again.base_usd = 0.5;
  CHECK(books.reserve(again, noon).reserved_usd == 0.1);
  CHECK(view().spent_usd == 0.5);
  CHECK(view().reserved_usd == 0.1);
  books.ended({run_key{1}, 1}, 0.55, noon);
  books.settle({run_key{1}, 1}, 0.56);
  books.settle({run_key{1}, 1}, 0.56);
  CHECK(view().spent_usd == 0.56);
  CHECK(view().reserved_usd == 0);
}

TEST_CASE_METHOD(fixture, "a resurrected run without a cap is charged what is "
                          "left") {
  books.reserve(uncapped(1, 0.3), noon);
  books.ended({run_key{1}, 1}, 0.4, noon);
  auto again = uncapped(1, 0.3);
  again.base_usd = 0.4;
  auto answer = books.reserve(again, noon);
  CHECK(answer.cap_usd == 1);
  CHECK(view().left_usd == 0.3);
}

TEST_CASE_METHOD(fixture, "a resurrection that has to wait forgets no cost") {
  books.reserve(uncapped(1, 0.6), noon);
  books.ended({run_key{1}, 1}, 0.5, noon);
  books.reserve(wants(2, 0.4), noon);
  auto again = uncapped(1, 0.6);
  again.base_usd = 0.5;
  CHECK(books.reserve(again, noon).short_of == "all");
  CHECK(books.reserve(again, noon).short_of == "all");
  CHECK(view().left_usd == 0);
  books.settle({run_key{1}, 1}, 0.55);
  CHECK(view().spent_usd == 0.55);
  CHECK(view().reserved_usd == 0.4);
  CHECK(books.reserve(again, noon).short_of == "all");
  CHECK(view().spent_usd == 0.55);
}

TEST_CASE_METHOD(fixture,
                 "a resurrection that has to wait forgets no cost that "
                 "nobody told yet") {
  books.reserve(uncapped(1, 0.6), noon);
  books.ended({run_key{1}, 1}, std::nullopt, noon);
  books.reserve(wants(2, 0.4), noon);
  books.settle_overdue(noon + 30s);
  CHECK(books.reserve(uncapped(1, 0.7), noon).short_of == "all");
  CHECK(view().spent_usd == 0.6);
  books.settle({run_key{1}, 1}, 0.5);
  CHECK(view().spent_usd == 0.5);
}

TEST_CASE_METHOD(fixture, "what a resurrected run is taken to cost comes on "
                          "top") {
  books.reserve(wants(1, 0.6), noon);
  books.ended({run_key{1}, 1}, 0.5, noon);
  auto again = wants(1, 0.6);
  again.base_usd = 0.5;
  books.reserve(again, noon);
  books.ended({run_key{1}, 1}, std::nullopt, noon);
  books.settle_overdue(noon + 30s);
  CHECK(view().spent_usd == 0.6);
}

TEST_CASE_METHOD(fixture, "a run that was resurrected unseen keeps its money") {
  books.reserve(wants(1, 0.6), noon);
  books.ended({run_key{1}, 1}, 0.2, noon);
  books.revive(wants(1, 0.6), 0.6, noon);
  books.settle_overdue(noon + 60s);
  CHECK(view().reserved_usd == 0.6);
}

TEST_CASE_METHOD(fixture, "a run that was resurrected unseen is counted though "
                          "its end is spent") {
  books.reserve(wants(1, 0.6), noon);
  books.ended({run_key{1}, 1}, 0.2, noon);
  books.settle_overdue(noon + 30s);
  auto lives = wants(1, 0.6);
  lives.base_usd = 0.2;
  books.revive(lives, 0.4, noon + 40s);
  CHECK(view().spent_usd == 0.2);
  CHECK(view().reserved_usd == 0.4);
  books.ended({run_key{1}, 1}, 0.5, noon + 50s);
  books.settle({run_key{1}, 1}, 0.5);
  CHECK(view().spent_usd == 0.5);
}

TEST_CASE_METHOD(fixture, "a run that was resurrected unseen is counted though "
                          "its end is assumed") {
  auto x = wants(1, 0.6);
  x.estimate_usd = 0.1;
  books.reserve(x, noon);
  books.ended({run_key{1}, 1}, std::nullopt, noon);
  books.settle_overdue(noon + 30s);
  books.revive(wants(1, 0.6), 0.6, noon + 40s);
  CHECK(view().spent_usd == 0);
  CHECK(view().reserved_usd == 0.6);
}

TEST_CASE_METHOD(fixture, "budgets nest: the narrowest that is short says so") {
  auto narrow = total("one-batch", 0.3);
  narrow.batch = "batch-1";
  books.define(narrow);
  auto answer = books.reserve(wants(1, 0.5), noon);
  CHECK(answer.short_of == "one-batch");
  CHECK(answer.alone);
  CHECK(books.reserve(wants(2, 0.3), noon).short_of.empty());
  CHECK(view(0).reserved_usd == 0.3);
  CHECK(view(1).reserved_usd == 0.3);
}

TEST_CASE_METHOD(fixture, "a budget of another namespace does not count") {
  auto other = total("other", 0.1);
  other.space = "other";
  books.define(other);
  CHECK(books.reserve(wants(1, 0.5), noon).short_of.empty());
}

TEST_CASE_METHOD(fixture, "the cap of a run is never above its own budget") {
  auto x = wants(1, 0.9);
  x.run_left_usd = 0.5;
  auto answer = books.reserve(x, noon);
  CHECK(answer.reserved_usd == 0.5);
  CHECK(answer.cap_usd == 0.5);
  CHECK(answer.limited_by.empty());
}

TEST_CASE_METHOD(fixture, "a run whose own budget is used up is refused") {
  auto x = wants(1, 0.1);
  x.run_left_usd = 0;
  CHECK(books.reserve(x, noon).refused);
}

TEST_CASE_METHOD(fixture,
                 "a run that a stopping budget cannot pay is refused") {
  auto strict = total("all", 1);
  strict.on_reached = budget_action::stop;
  books.define(strict);
  books.reserve(wants(1, 0.6), noon);
  CHECK_FALSE(books.reserve(wants(2, 0.6), noon).refused);
  books.ended({run_key{1}, 1}, 0.6, noon);
  books.settle({run_key{1}, 1}, 0.6);
  CHECK(books.reserve(wants(2, 0.6), noon).refused);
}

TEST_CASE_METHOD(fixture, "money that comes back opens the budget once") {
  books.reserve(wants(1, 0.6), noon);
  books.reserve(wants(2, 0.6), noon);
  CHECK(notices(kind::opened).empty());
  books.ended({run_key{1}, 1}, 0.1, noon);
  books.settle({run_key{1}, 1}, 0.1);
  CHECK(notices(kind::opened) == std::vector<std::string>{"all"});
  CHECK(notices(kind::opened).empty());
}

TEST_CASE_METHOD(fixture, "who waits is told when a stopping budget is spent") {
  auto strict = total("all", 1);
  strict.on_reached = budget_action::stop;
  books.define(strict);
  books.reserve(wants(1, 0.6), noon);
  CHECK_FALSE(books.reserve(wants(2, 0.6), noon).refused);
  books.ended({run_key{1}, 1}, 0.6, noon);
  books.settle({run_key{1}, 1}, 0.6);
  CHECK(notices(kind::opened) == std::vector<std::string>{"all"});
}

TEST_CASE_METHOD(fixture, "a raised cap opens the budget") {
  books.reserve(wants(1, 1.5), noon);
  books.define(total("all", 2));
  CHECK(notices(kind::opened) == std::vector<std::string>{"all"});
}

TEST_CASE_METHOD(fixture, "it warns once when its share is spent") {
  books.reserve(wants(1, 0.9), noon);
  CHECK(notices(kind::warned).empty());
  books.ended({run_key{1}, 1}, 0.9, noon);
  books.settle({run_key{1}, 1}, 0.9);
  CHECK(notices(kind::warned) == std::vector<std::string>{"all"});
  CHECK(notices(kind::warned).empty());
}

TEST_CASE_METHOD(fixture, "a daily budget begins anew") {
  auto daily = total("all", 1);
  daily.period = budget_period::day;
  books.define(daily);
  books.reserve(wants(1, 1), noon);
  books.ended({run_key{1}, 1}, 1, noon);
  books.settle({run_key{1}, 1}, 1);
  CHECK(books.reserve(wants(2, 1), noon).short_of == "all");
  CHECK(books.reserve(wants(2, 1), noon + 24h).short_of.empty());
}

TEST_CASE_METHOD(fixture, "what was durable is taken up again") {
  books.reserve(wants(1, 0.2), noon);
  books.reserve(wants(2, 0.3), noon);
  books.ended({run_key{1}, 1}, 0.1, noon);
  books.settle({run_key{1}, 1}, 0.1);
  auto changes = books.take_changes();
  stored_ledger stored;
  stored.charges = changes.put;
  stored.spent = changes.spent;
  ledger again{30s};
  again.define(total("all", 1));
  again.restore(stored);
  CHECK(again.views(noon).at(0).spent_usd == 0.1);
  CHECK(again.views(noon).at(0).reserved_usd == 0.3);
  CHECK(again.charges().size() == 1);
}

TEST_CASE_METHOD(fixture, "a change is handed out once") {
  books.reserve(wants(1, 0.2), noon);
  CHECK(books.take_changes().put.size() == 1);
  CHECK(books.take_changes().put.empty());
}
