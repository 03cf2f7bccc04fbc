#pragma once

#include "persistence/sqlite/open.hpp"
#include "tests/persistence/data_directory.hpp"
#include "tests/persistence/store_client.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <optional>

namespace orc::test {

/// A data directory and the store in it, which may be closed and opened again.
class sqlite_fixture {
public:
  caf::expected<run_store_actor> try_open(std::string key = {}) {
    return open_sqlite_store(system.get(), {data.path(), secret{key}});
  }

  store_client& open(std::string key = {}) {
    client_.reset();
    auto store = try_open(std::move(key));
    if (!store)
      FAIL(message_of(store.error()));
    client_.emplace(system.get(), *store);
    return *client_;
  }

  void close() {
    client_.reset();
  }

  /// Opens the store, which must fail and leave the files as they are.
  caf::error refused(std::string key = {}) {
    auto before = data.snapshot();
    auto store = try_open(std::move(key));
    REQUIRE(!store);
    CHECK(data.snapshot() == before);
    return store.error();
  }

  quiet_system system;
  data_directory data;

private:
  std::optional<store_client> client_;
};

} // namespace orc::test
