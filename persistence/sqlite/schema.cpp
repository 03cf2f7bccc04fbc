#include "persistence/sqlite/schema.hpp"

#include "persistence/sqlite/log.hpp"

#include <fmt/format.h>

namespace orc::sqlite {

namespace {

// "ApOr", in the header of the file.
constexpr std::int64_t application_id = 0x41704F72;

std::int64_t newest_version(migration_list steps) {
  return static_cast<std::int64_t>(steps.size());
}

} // namespace

void check_version(database& db, migration_list steps) {
  auto owner = db.number("PRAGMA application_id");
  auto version = db.number("PRAGMA user_version");
  auto is_new = owner == 0 && version == 0
                && db.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (owner != application_id && !is_new)
    throw failure{ec::store_corrupt,
                  "the store is the database of another program: move it away, "
                  "or choose another data directory"};
  if (version > newest_version(steps))
    throw failure{
      ec::store_newer,
      fmt::format("the store was written by a newer version of this program "
                  "(schema {}, this one knows {}): run that version, or choose "
                  "another data directory",
                  version, newest_version(steps))};
}

void configure(database& db) {
  db.execute("PRAGMA journal_mode=WAL;"
             "PRAGMA synchronous=FULL;"
             // Checkpoints copy each page once, however often it was written
             // in between: large is cheap, and 128 MiB of log is bearable.
             "PRAGMA wal_autocheckpoint=32768;"
             "PRAGMA journal_size_limit=134217728;"
             "PRAGMA cache_size=-131072;"
             "PRAGMA temp_store=MEMORY");
}

void migrate(database& db, migration_list steps) {
  for (auto version = db.number("PRAGMA user_version");
       version < newest_version(steps); ++version) {
    const auto& step = steps[static_cast<std::size_t>(version)];
    db.execute("BEGIN IMMEDIATE");
    try {
      db.execute(std::string{step.sql});
      db.execute(fmt::format("PRAGMA application_id={};"
                             "PRAGMA user_version={};COMMIT",
                             application_id, version + 1));
    } catch (const failure&) {
      if (db.in_transaction())
        db.execute("ROLLBACK");
      throw;
    }
    log.info("migrated", "schema={} step={}", version + 1, step.name);
  }
}

} // namespace orc::sqlite
