#include "tests/persistence/settling_conformance.hpp"

#include <catch2/catch.hpp>

namespace orc::test {

namespace {

/// Stores a finished run whose items and cost are preliminary.
/// @returns it as it is stored.
run_record
add_unsettled(store_client& store, const char* name, std::int64_t ended_at,
              const char* account = "default") {
  auto x = make_record(name);
  x.view.account = account;
  x = in_state(store.insert(x).record, run_state::finished,
               timestamp{ended_at});
  x.unsettled = true;
  x.revision = next_revision();
  store.save(x);
  return x;
}

using names = std::vector<std::string>;

names names_of(const std::vector<run_record>& records) {
  names result;
  for (const auto& x : records)
    result.push_back(x.view.name);
  return result;
}

} // namespace

void check_settling(store_client& store) {
  auto later = add_unsettled(store, "later", 200);
  auto first = add_unsettled(store, "first", 100);
  add_unsettled(store, "elsewhere", 50, "other");
  store.save(in_state(store.insert(make_record("settled")).record,
                      run_state::finished, timestamp{10}));

  SECTION("an account's unsettled runs come by their ends") {
    CHECK(names_of(store.unsettled({"default", 9})) == names{"first", "later"});
    CHECK(names_of(store.unsettled({"default", 1})) == names{"first"});
  }
  SECTION("a run that is settled is unsettled no more, and its totals tell") {
    first.unsettled = false;
    first.view.item_count = 30;
    CHECK(store.try_settle(first));
    CHECK(names_of(store.unsettled({"default", 9})) == names{"later"});
    CHECK(store.try_load(first.key)->record.view.item_count == 30);
    CHECK(store.totals().item_count == 60);
  }
  SECTION("a run that was taken on again is not settled") {
    store.save(in_state(first, run_state::queued));
    first.unsettled = false;
    CHECK(code_of(store.try_settle(first).error()) == ec::stale_save);
    CHECK(names_of(store.unsettled({"default", 9})) == names{"later"});
  }
  SECTION("to settle leaves the revision as it was") {
    REQUIRE(store.try_settle(first));
    CHECK(store.try_save([&] {
      auto next = in_state(first, run_state::queued);
      next.revision = first.revision + 1;
      return next;
    }()));
  }
  SECTION("a run that is not there cannot be settled") {
    first.key = {99};
    CHECK(code_of(store.try_settle(first).error()) == ec::unknown_run);
  }
}

} // namespace orc::test
