#pragma once

#include "persistence/kvs/open.hpp"
#include "tests/persistence/store_client.hpp"
#include "tests/support/fake_record_store.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

namespace orc::test {

/// Opens PERSISTENCEs in one key-value store.
class kvs_fixture {
public:
  ~kvs_fixture() {
    caf::anon_send_exit(options.storage, caf::exit_reason::user_shutdown);
  }

  caf::expected<run_store_actor> try_open() {
    return open_kvs_store(system.get(), options);
  }

  run_store_actor open() {
    auto result = try_open();
    if (!result)
      FAIL(message_of(result.error()));
    return *result;
  }

  ec problem() {
    auto result = try_open();
    REQUIRE(!result);
    return code_of(result.error());
  }

  /// Puts back what was there once, as if all since had not happened. A store
  /// that has ended may have left a removal on its way: it comes before.
  void roll_back(const fake_record_store::records& before) {
    caf::scoped_actor self{system.get()};
    self->request(options.storage, caf::infinite, list_records{"store", "", {}})
      .receive([](const record_keys&) {},
               [](const caf::error& x) { FAIL(message_of(x)); });
    records->replace_all(before);
  }

  /// The key of the first record whose key has this in it.
  std::string key_with(std::string_view part) {
    for (const auto& [key, body] : records->all())
      if (key.find(part) != std::string::npos)
        return key;
    FAIL("no record has a key with " << part);
    return {};
  }

  quiet_system system;
  fake_record_store_ptr records = std::make_shared<fake_record_store>();
  kvs_store_options options{
    system.get().spawn(fake_storage, records), "store", "STATE-", {}, {}, {}};
};

} // namespace orc::test
