#include "persistence/sqlite/split_table.hpp"

#include "persistence/refusal.hpp"

namespace orc::sqlite {

namespace {

std::uint64_t number(const cursor& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

} // namespace

split_table::split_table(database& db)
  : find_{db.prepare("SELECT id, fingerprint FROM splits WHERE "
                     "namespace=?1 AND name=?2")},
    parts_{db.prepare("SELECT name, first_item, items, bytes, digest FROM "
                      "split_parts WHERE split=?1 ORDER BY ordinal")},
    create_{db.prepare("INSERT INTO splits (namespace, name, fingerprint) "
                       "VALUES (?1,?2,?3)")},
    append_{
      db.prepare("INSERT INTO split_parts VALUES (?1,?2,?3,?4,?5,?6,?7)")} {
  // nop
}

stored_split split_table::load(const load_split& request) {
  stored_split result;
  std::int64_t id = 0;
  {
    auto row = find_.start(std::string_view{request.ref.space},
                           std::string_view{request.ref.name});
    if (!row.next())
      return result;
    id = row.integer(0);
    result.fingerprint = row.text(1);
  }
  for (auto rows = parts_.start(id); rows.next();)
    result.parts.push_back({{std::string{rows.text(0)}, number(rows, 1),
                             number(rows, 2), number(rows, 3)},
                            number(rows, 4)});
  return result;
}

caf::expected<saved> split_table::save(const save_split& request) {
  auto before = load({request.ref});
  if (auto stale = stale_split(before, request))
    return stale;
  auto space = std::string_view{request.ref.space};
  auto name = std::string_view{request.ref.name};
  if (before.fingerprint.empty())
    create_.run(space, name, std::string_view{request.fingerprint});
  std::int64_t id = 0;
  {
    auto row = find_.start(space, name);
    row.next();
    id = row.integer(0);
  }
  auto ordinal = static_cast<std::int64_t>(request.known);
  for (const auto& [part, digest] : request.added)
    append_.run(id, ordinal++, std::string_view{part.name},
                static_cast<std::int64_t>(part.first_item),
                static_cast<std::int64_t>(part.items),
                static_cast<std::int64_t>(part.bytes),
                static_cast<std::int64_t>(digest));
  return saved{};
}

} // namespace orc::sqlite
