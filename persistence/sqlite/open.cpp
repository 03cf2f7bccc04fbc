#include "persistence/sqlite/open.hpp"

#include "persistence/sqlite/backup.hpp"
#include "persistence/sqlite/integrity.hpp"
#include "persistence/sqlite/log.hpp"
#include "persistence/sqlite/run_store.hpp"
#include "persistence/sqlite/schema.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

using store_pointer = std::shared_ptr<sqlite::open_store>;

/// Asks the account table, which is there since the first schema.
caf::error verify_key(sqlite::database& db, const key_source& key) {
  if (db.number("PRAGMA user_version") == 0)
    return {};
  return sqlite::account_table{db, key}.verify_key();
}

/// The order counts: nothing is written before all is known to be well, but
/// for what SQLite itself finishes after a crash.
caf::expected<store_pointer>
open_locked(const sqlite_store_options& options, sqlite::directory_lock lock) {
  if (is_half_restored(options.directory))
    throw sqlite::failure{ec::store_corrupt,
                          "a restore was not finished: begin it again"};
  sqlite::database db{options.directory / "orchestrator.db"};
  sqlite::check_version(db, sqlite::migrations());
  sqlite::check_integrity(db, options.full_check
                                ? sqlite::integrity_check::full
                                : sqlite::integrity_check::quick);
  auto key = key_source{options.key, options.directory / "seal.key"};
  if (auto problem = verify_key(db, key))
    return problem;
  sqlite::configure(db);
  sqlite::migrate(db, sqlite::migrations());
  return std::make_shared<sqlite::open_store>(std::move(lock), std::move(db),
                                              key);
}

/// Says which file is meant, where SQLite does not.
caf::error locate(const caf::error& problem, const std::string& file) {
  auto message = message_of(problem);
  if (message.find(file) != std::string::npos)
    return problem;
  return make_error(code_of(problem), fmt::format("{}: {}", file, message));
}

} // namespace

caf::expected<run_store_actor>
open_sqlite_store(caf::actor_system& system,
                  const sqlite_store_options& options) {
  auto lock = sqlite::directory_lock::acquire(options.directory);
  if (!lock)
    return lock.error();
  try {
    auto store = open_locked(options, std::move(*lock));
    if (!store)
      return store.error();
    log.info("opened", "directory={}", options.directory.string());
    auto actor = system.spawn<caf::detached>(sqlite::run_store, *store);
    return caf::actor_cast<run_store_actor>(actor);
  } catch (const sqlite::failure& problem) {
    return locate(problem.error(),
                  (options.directory / "orchestrator.db").string());
  }
}

} // namespace orc
