#include "persistence/sqlite/integrity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace orc::sqlite {

namespace {

constexpr std::int64_t small_store = 64 * 1024 * 1024;

[[noreturn]] void damaged(std::string_view finding) {
  throw failure{ec::store_corrupt,
                fmt::format("the store is damaged: {}; restore it from a "
                            "backup, or move it away to start with an empty "
                            "store",
                            finding)};
}

void read_everything(database& db) {
  std::string finding{db.text("PRAGMA quick_check(1)")};
  std::replace(finding.begin(), finding.end(), '\n', ' ');
  if (finding != "ok")
    damaged(finding);
}

std::vector<std::string> table_names(database& db) {
  auto tables = db.prepare("SELECT name FROM sqlite_schema WHERE type='table'");
  std::vector<std::string> result;
  for (auto rows = tables.start(); rows.next();)
    result.emplace_back(rows.text(0));
  return result;
}

/// A file that was cut or overwritten shows at the ends of its trees.
void read_ends(database& db) {
  for (const auto& table : table_names(db)) {
    db.number(fmt::format("SELECT count(*) FROM (SELECT * FROM \"{}\" "
                          "ORDER BY 1 LIMIT 1)",
                          table));
    db.number(fmt::format("SELECT count(*) FROM (SELECT * FROM \"{}\" "
                          "ORDER BY 1 DESC LIMIT 1)",
                          table));
  }
}

} // namespace

void check_integrity(database& db, integrity_check how) {
  auto size = db.number("PRAGMA page_count") * db.number("PRAGMA page_size");
  if (how == integrity_check::full || size <= small_store)
    read_everything(db);
  else
    read_ends(db);
}

} // namespace orc::sqlite
