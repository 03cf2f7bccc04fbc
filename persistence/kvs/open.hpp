#pragma once

#include "messages/apify_storage.hpp"
#include "messages/base/secret.hpp"
#include "messages/run_store.hpp"

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <functional>
#include <string>

namespace orc {

struct kvs_store_options {
  /// Must outlive the store.
  apify_storage_actor storage;
  /// The platform's id of the key-value store.
  std::string store_id;
  /// All records of the store begin with it.
  std::string prefix = "ORCHESTRATOR-";
  /// 32 bytes in base64, or a passphrase; empty: nothing is encrypted.
  secret encryption_key;
  /// The platform run that we are, or "".
  std::string owner;
  /// Called when another process of the same platform run has taken the store
  /// over, before the store ends: a copy that a migration left behind.
  std::function<void()> taken_over;
};

/// Opens a PERSISTENCE that keeps its state in an Apify key-value store, and
/// takes it over from whoever has it: that one stops.
/// @returns it, or `ec::store_corrupt`, `ec::store_newer`, `ec::wrong_key`:
///          then nothing was changed; or what the APIFY STORAGE says.
[[nodiscard]] caf::expected<run_store_actor>
open_kvs_store(caf::actor_system& system, const kvs_store_options& options);

} // namespace orc
