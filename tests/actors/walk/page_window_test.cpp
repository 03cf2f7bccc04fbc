// Which page is next, decided without actors.

#include "actors/walk/error_text.hpp"
#include "actors/walk/page_window.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

page_window make(bool self_fed = true) {
  walk_rules rules;
  rules.self_fed = self_fed;
  walk_record record;
  record.name = "b";
  record.next_page = 1;
  record.counts.pages = 1;
  page_window result{rules, record};
  stored_page first;
  first.size = 10;
  result.put_back(first);
  return result;
}

page_result good() {
  return {};
}

} // namespace

TEST_CASE("BO-28 the next page has the next number, and is told once it is "
          "known") {
  auto w = make();
  auto* page = w.start_next(2, {});
  REQUIRE(page != nullptr);
  CHECK(w.learn_next(0, 1, "x", 0) == page_window::handover::taken);
  auto* next = w.start_next(2, {});
  REQUIRE(next != nullptr);
  CHECK(next->is.number == 1);
  CHECK(next->is.cursor == "x");
  CHECK(w.start_next(2, {}) == nullptr);
}

TEST_CASE("BO-29 BO-30 an attempt after one that has told its successor tells "
          "nothing new") {
  auto w = make();
  w.start_next(1, {});
  w.learn_next(0, 1, "first", 0);
  page_result failed;
  failed.end = page_end::failed;
  w.end_attempt(*w.find(0, 1), failed, {});
  auto* again = w.start_next(1, {1'000'000});
  REQUIRE(again != nullptr);
  CHECK(again->is.attempts == 2);
  CHECK(w.learn_next(0, 2, "another", 0) == page_window::handover::known);
  CHECK(w.learn_next(0, 1, "late", 0) == page_window::handover::stale);
  CHECK(w.record().counts.pages == 2);
}

TEST_CASE("BO-34 a word of an attempt that is over counts for nothing") {
  auto w = make();
  w.start_next(1, {});
  w.end_attempt(*w.find(0, 1), good(), {});
  CHECK(w.learn_next(0, 1, "x", 0) == page_window::handover::stale);
  CHECK(w.is_over());
}

TEST_CASE("what begins and ends between two saves is not stored") {
  auto w = make();
  w.take_changes();
  for (std::uint64_t n = 0; n < 3; ++n) {
    w.start_next(1, {});
    w.learn_next(n, 1, "c" + std::to_string(n), 0);
    w.end_attempt(*w.find(n, 1), good(), {});
  }
  auto changes = w.take_changes();
  CHECK(changes.walk.counts.completed == 3);
  REQUIRE(changes.pages.size() == 1);
  CHECK(changes.pages[0].number == 3);
  CHECK(changes.done == std::vector<std::uint64_t>{0});
}

TEST_CASE("an item that a page does not have cannot have failed") {
  auto w = make(false);
  auto* page = w.start_next(1, {});
  w.take_items(*page, json_text{"1\n2\n"}, 2, std::nullopt);
  page_result how;
  how.items = {{1, "bad"}, {2, "there is none"}};
  w.end_attempt(*page, how, {});
  CHECK(w.record().counts.item_errors == 1);
  auto items = w.take_changes().items;
  REQUIRE(items.size() == 1);
  CHECK(items[0].text == "2");
}

TEST_CASE("a page is whole if only items failed that it does not have") {
  auto w = make(false);
  auto* page = w.start_next(1, {});
  w.take_items(*page, json_text{"1\n"}, 1, std::nullopt);
  page_result how;
  how.items = {{1, "there is none"}};
  w.end_attempt(*page, how, {});
  CHECK(w.record().counts.item_errors == 0);
  CHECK(w.take_changes().pages.empty());
}

TEST_CASE("of a page that its processor fetches itself, what fails again is "
          "told by its place in the page") {
  auto redo = [](const char* text, std::uint64_t told) {
    auto w = make();
    w.end_attempt(*w.start_next(1, {}), good(), {});
    stored_page page;
    page.state = page_state::stuck;
    std::vector<stored_item> flaws;
    for (std::uint64_t place : {1, 5, 9})
      flaws.push_back({0, place, text, "bad"});
    auto* again = w.start_stuck(page, flaws, {});
    page_result how;
    how.items = {{told, "bad still"}};
    w.take_changes();
    w.end_attempt(*again, how, {});
    return w.take_changes().items.at(0).item;
  };
  CHECK(redo("", 1) == 1);
  CHECK(redo("", 9) == 9);
  // Of those that were handed to it alone, by its place among them.
  CHECK(redo("{}", 1) == 5);
}

TEST_CASE("the time of a page does not run while its processor lets it wait") {
  auto w = make();
  auto* page = w.start_next(1, {});
  w.begin_work(*page, {});
  auto late = page->until;
  w.take_turn(*page, false, {});
  CHECK(w.overdue(late).empty());
  CHECK(!w.next_due());
  CHECK(w.busy() == 1);

  w.take_turn(*page, true, late);

  CHECK(w.overdue(late).empty());
  CHECK(w.overdue(page->until).size() == 1);
}

TEST_CASE("an error is UTF-8, whatever a program says, and cut between "
          "characters") {
  CHECK(error_text("caf\xE9") == "caf\xEF\xBF\xBD");
  std::string e = "\xC3\xA9";
  CHECK(error_text("x" + e + e, 4) == "x" + e);
  CHECK(error_text("x" + e + e, 5) == "x" + e + e);
}

TEST_CASE("the pause before another attempt doubles") {
  auto w = make();
  page_result failed;
  failed.end = page_end::failed;
  w.start_next(1, {0});
  w.end_attempt(*w.find(0, 1), failed, {0});
  CHECK(w.next_due() == timestamp{1'000});
  CHECK(w.start_next(1, {999}) == nullptr);
  w.start_next(1, {1'000});
  w.end_attempt(*w.find(0, 2), failed, {1'000});
  CHECK(w.next_due() == timestamp{3'000});
}
