#include "persistence/sqlite/open.hpp"
#include "tests/persistence/data_directory.hpp"
#include "tests/persistence/hook_store_conformance.hpp"
#include "tests/persistence/run_store_conformance.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("the store on SQLite is a PERSISTENCE") {
  test::quiet_system system;
  test::data_directory data;
  test::check_run_store(system.get(), [&] {
    auto store = open_sqlite_store(system.get(), {data.path(), {}});
    REQUIRE(store);
    return *store;
  });
}

TEST_CASE("the store on SQLite keeps what is owed to webhooks") {
  test::quiet_system system;
  test::data_directory data;
  test::check_hook_store(system.get(), [&] {
    auto store = open_sqlite_store(system.get(), {data.path(), {}});
    REQUIRE(store);
    return *store;
  });
}
