#include "actors/reader/page_walk.hpp"
#include "tests/actors/reader/dataset.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using test::dataset;

namespace {

/// Answers what a walk asks, and keeps what it hands out.
struct walker {
  walker(page_walk_rules rules, const dataset& from)
    : walk{rules}, source{&from} {
    // nop
  }

  /// Until it asks for nothing more.
  void go(std::size_t window = 4) {
    for (bool more = true; more;) {
      more = false;
      std::vector<page_ask> asks;
      while (auto ask = walk.next(window))
        asks.push_back(*ask);
      // The last is answered first: order is the walk's affair.
      std::reverse(asks.begin(), asks.end());
      for (const auto& ask : asks) {
        ++pages;
        more = true;
        get_items wanted{
          {}, ask.offset, ask.limit, "jsonl", ask.thinned ? "clean=1" : ""};
        walk.accept(ask.id, source->page(wanted));
      }
      while (auto page = walk.take())
        text += page->page.body.view();
    }
  }

  page_walk walk;
  const dataset* source;
  std::string text;
  int pages = 0;
};

std::string lines(const std::vector<std::string>& items) {
  std::string result;
  for (const auto& x : items)
    result += x[0] == '-' ? "" : x + "\n";
  return result;
}

page_walk_rules thinned() {
  page_walk_rules result;
  result.thins_out = true;
  return result;
}

page_walk_rules followed(bool thins_out = false) {
  page_walk_rules result;
  result.follow = true;
  result.thins_out = thins_out;
  return result;
}

} // namespace

TEST_CASE("all items come once and in order, whatever the count says") {
  dataset x;
  x.add("i", GENERATE(0, 1, 99, 100, 101, 5'000));
  x.lag = GENERATE(0, 50, 10'000);
  walker w{{}, x};
  w.walk.set_may_grow(false);
  w.go();
  CHECK(w.text == lines(x.items));
  CHECK(w.walk.is_done());
  CHECK(w.walk.is_at_end());
  CHECK(w.walk.position() == x.items.size());
}

TEST_CASE("whoever gives less at a time than was asked for is asked on") {
  dataset x;
  x.add("i", 1'000);
  x.most = 30;
  walker w{{}, x};
  w.go();
  CHECK(w.text == lines(x.items));
}

TEST_CASE("pages that options thin out do not end a dataset") {
  dataset x;
  x.add("i", GENERATE(0, 3, 300));
  x.add("-", GENERATE(0, 5, 700));
  x.add("i", GENERATE(0, 2, 150));
  x.lag = GENERATE(0, 10'000);
  walker w{thinned(), x};
  w.walk.set_may_grow(GENERATE(true, false));
  w.go();
  CHECK(w.text == lines(x.items));
  CHECK(w.walk.is_done());
  CHECK(w.walk.position() == x.items.size());
}

TEST_CASE("a limit and a start count raw items") {
  dataset x;
  x.add("-", 2);
  x.add("i", 8);
  page_walk_rules rules = thinned();
  rules.start = 1;
  rules.limit = 4;
  walker w{rules, x};
  w.go();
  CHECK(w.text == "i2\ni3\ni4\n");
  CHECK(w.walk.is_done());
  CHECK(!w.walk.is_at_end());
}

TEST_CASE("what is appended is followed until no more may come") {
  auto thins_out = GENERATE(false, true);
  dataset x;
  x.add("i", 3);
  walker w{followed(thins_out), x};
  w.go();
  CHECK(w.text == lines(x.items));
  CHECK(w.walk.is_waiting());
  x.add("-", thins_out ? 400 : 0);
  x.add("i", 250);
  w.walk.poke();
  w.go();
  CHECK(w.text == lines(x.items));
  CHECK(w.walk.is_waiting());
  // The last items and the end of the run are seen at the same time.
  x.add("i", 2);
  w.walk.set_may_grow(false);
  w.walk.poke();
  w.go();
  CHECK(w.text == lines(x.items));
  CHECK(w.walk.is_done());
}

TEST_CASE("a page that was asked for before the end does not end it") {
  dataset x;
  walker w{followed(), x};
  auto ask = w.walk.next(4);
  REQUIRE(ask);
  w.walk.set_may_grow(false);
  w.walk.accept(ask->id, {});
  CHECK(!w.walk.take());
  CHECK(w.walk.is_waiting());
  x.add("i", 1);
  w.walk.poke();
  w.go();
  CHECK(w.text == "i0\n");
  CHECK(w.walk.is_done());
}

TEST_CASE("another dataset of the same run is read from its start") {
  dataset x;
  x.add("a", 3);
  walker w{followed(), x};
  w.go();
  dataset y;
  y.add("b", 2);
  w.source = &y;
  w.walk.restart();
  w.walk.set_may_grow(false);
  w.walk.poke();
  w.go();
  CHECK(w.text == "a0\na1\na2\nb0\nb1\n");
}

TEST_CASE("a page ends at a barrier") {
  dataset x;
  x.add("i", 200);
  page_walk_rules rules;
  rules.barrier = 42;
  walker w{rules, x};
  auto ask = w.walk.next(1);
  REQUIRE(ask);
  CHECK(ask->limit == 42);
  w.walk.accept(ask->id, x.page({{}, ask->offset, ask->limit, "", ""}));
  w.go();
  CHECK(w.text == lines(x.items));
}

TEST_CASE("small items come in large pages") {
  dataset x;
  x.add("i", 50'000);
  walker w{{}, x};
  w.go();
  CHECK(w.pages < 12);
}
