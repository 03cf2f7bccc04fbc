#include "tests/persistence/reading_conformance.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <optional>

namespace orc::test {

namespace {

using names = std::vector<std::string>;

void check_listing(store_client& store) {
  for (auto name : {"a", "b", "c", "d", "e"})
    store.insert(make_record(name));
  store.insert(make_record("f", "elsewhere"));
  auto set = [&](const char* name, run_state state) {
    store.save(in_state(*store.try_find({"default", name}), state));
  };
  set("b", run_state::finished);
  set("d", run_state::finished);
  set("e", run_state::running);

  SECTION("runs are listed newest first") {
    CHECK(names_of(store.list({})) == names{"f", "e", "d", "c", "b", "a"});
  }
  SECTION("pages follow one another by cursor") {
    auto first = store.list({"", "", {}, 4, ""});
    auto second = store.list({"", "", {}, 4, first.next_cursor});
    CHECK(names_of(first) == names{"f", "e", "d", "c"});
    CHECK(names_of(second) == names{"b", "a"});
    CHECK(second.next_cursor.empty());
  }
  SECTION("a page that is just full is the last one") {
    CHECK(store.list({"", "", {}, 6, ""}).next_cursor.empty());
  }
  SECTION("a run that comes in between moves no page") {
    auto first = store.list({"", "", {}, 3, ""});
    store.insert(make_record("g"));
    auto second = store.list({"", "", {}, 3, first.next_cursor});
    CHECK(names_of(second) == names{"c", "b", "a"});
  }
  SECTION("runs are listed by state") {
    CHECK(names_of(store.list({"", "", {run_state::finished}, 9, ""}))
          == names{"d", "b"});
    auto both = std::vector{run_state::running, run_state::finished,
                            run_state::running};
    auto page = store.list({"", "", both, 2, ""});
    CHECK(names_of(page) == names{"e", "d"});
    CHECK(names_of(store.list({"", "", both, 2, page.next_cursor}))
          == names{"b"});
  }
  SECTION("runs are listed by namespace") {
    CHECK(names_of(store.list({"elsewhere", "", {}, 9, ""})) == names{"f"});
    CHECK(names_of(store.list({"default", "", {run_state::queued}, 9, ""}))
          == names{"c", "a"});
    CHECK(names_of(store.list({"default", "", {}, 2, ""})) == names{"e", "d"});
  }
  SECTION("a cursor that is none of ours is a bad field") {
    for (auto cursor : {"x", "1x", "-1", "99999999999999999999"})
      CHECK(code_of(store.try_list({"", "", {}, 9, cursor}).error())
            == ec::bad_field);
  }
  SECTION("a page holds at least one run") {
    CHECK(names_of(store.list({"", "", {}, 0, ""})) == names{"f"});
  }
}

void check_totals(store_client& store) {
  auto a = store.insert(make_record("a")).record;
  auto b = store.insert(make_record("b")).record;
  auto c = store.insert(make_record("c", "elsewhere")).record;
  store.save(in_state(a, run_state::finished));
  store.save(in_state(c, run_state::finished));
  auto spent = in_state(b, run_state::running);
  spent.view.status = remote_status::running;
  spent.view.usage_total_usd = 0.2;
  spent.view.item_count = 5;
  store.save(spent);

  SECTION("totals count runs by state and final ones by status") {
    auto x = store.totals();
    using counts = std::map<std::string, std::uint64_t>;
    CHECK(x.states == counts{{"finished", 2}, {"running", 1}});
    CHECK(x.statuses == counts{{"SUCCEEDED", 2}});
    CHECK(x.item_count == 20);
    CHECK(x.usage_total_usd == Approx(0.4));
  }
  SECTION("totals are kept for each namespace") {
    CHECK(store.totals("elsewhere").states["finished"] == 1);
    CHECK(store.totals("elsewhere").usage_total_usd == 0.1);
    CHECK(store.totals("nowhere").states.empty());
  }
  SECTION("what changes back leaves no trace") {
    store.save(b);
    CHECK(store.totals("default").usage_total_usd == 0.1);
    CHECK(store.totals("default").states.count("running") == 0);
  }
}

void check_batches(store_client& store) {
  auto insert = [&](const char* name, const char* space,
                    std::optional<std::string> batch) {
    auto x = make_record(name, space);
    x.view.batch = std::move(batch);
    return store.insert(x).record;
  };
  auto a = insert("a", "default", "night");
  insert("b", "default", "night");
  insert("c", "default", "day");
  insert("d", "default", std::nullopt);
  insert("e", "elsewhere", "night");
  store.save(in_state(a, run_state::finished));
  list_runs night;
  night.space = "default";
  night.batch = "night";

  SECTION("runs of a batch are listed") {
    CHECK(names_of(store.list(night)) == names{"b", "a"});
    night.states = {run_state::queued};
    CHECK(names_of(store.list(night)) == names{"b"});
    night.states.clear();
    night.limit = 1;
    auto first = store.list(night);
    CHECK(names_of(first) == names{"b"});
    night.cursor = first.next_cursor;
    auto second = store.list(night);
    CHECK(names_of(second) == names{"a"});
    CHECK(second.next_cursor.empty());
  }
  SECTION("a batch has totals of its own") {
    using counts = std::map<std::string, std::uint64_t>;
    auto x = store.totals("default", "night");
    CHECK(x.states == counts{{"finished", 1}, {"queued", 1}});
    CHECK(x.statuses == counts{{"SUCCEEDED", 1}});
    CHECK(x.item_count == 10);
    CHECK(x.usage_total_usd == Approx(0.1));
    CHECK(store.totals("default", "none").states.empty());
    CHECK(store.totals("default").states["queued"] == 3);
  }
}

} // namespace

void check_reading(store_client& store) {
  SECTION("lists") {
    check_listing(store);
  }
  SECTION("totals") {
    check_totals(store);
  }
  SECTION("batches") {
    check_batches(store);
  }
}

} // namespace orc::test
