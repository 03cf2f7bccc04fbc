#pragma once

#include "messages/base/secret.hpp"
#include "messages/run_store.hpp"

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <filesystem>

namespace orc {

struct sqlite_store_options {
  /// Holds `orchestrator.db`, `lock` and `seal.key`; made if it is not there.
  std::filesystem::path directory;
  /// What seals tokens: 32 bytes in base64, or a passphrase. If empty, the file
  /// `seal.key`, which is made when the first token is sealed.
  secret key;
  /// Reads all of the store before it is used: about 1.5 s a GiB. Otherwise
  /// only small stores are read as a whole.
  bool full_check = false;
};

/// Opens the store of a data directory, locks it, brings it up to date and
/// spawns its PERSISTENCE.
/// @returns the PERSISTENCE, or a sentence that tells what to do:
///          `ec::store_locked`, `ec::store_newer`, `ec::store_corrupt`,
///          `ec::wrong_key` or `ec::store_failed`. Nothing is changed then.
caf::expected<run_store_actor>
open_sqlite_store(caf::actor_system& system,
                  const sqlite_store_options& options);

} // namespace orc
