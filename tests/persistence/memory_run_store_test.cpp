#include "persistence/memory/run_store.hpp"
#include "tests/persistence/hook_store_conformance.hpp"
#include "tests/persistence/run_store_conformance.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("the store in memory is a PERSISTENCE") {
  test::quiet_system system;
  test::check_run_store(system.get(), [&] {
    return run_store_actor{system.get().spawn(memory_run_store)};
  });
}

TEST_CASE("the store in memory keeps what is owed to webhooks") {
  test::quiet_system system;
  test::check_hook_store(system.get(), [&] {
    return run_store_actor{system.get().spawn(memory_run_store)};
  });
}
