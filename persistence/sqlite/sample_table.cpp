#include "persistence/sqlite/sample_table.hpp"

#include "persistence/sqlite/row_values.hpp"

namespace orc::sqlite {

namespace {

target_sample sample_of(const cursor& row) {
  target_sample x;
  x.target = {std::string{row.text(0)}, row.integer(1) != 0};
  if (auto memory = row.optional_integer(2))
    x.memory = mebibytes{static_cast<std::uint64_t>(*memory)};
  x.secs = row.real(3);
  if (!row.is_null(4))
    x.usd = row.real(4);
  x.at = {row.integer(5)};
  return x;
}

} // namespace

sample_table::sample_table(database& db)
  : insert_{db.prepare("INSERT INTO samples (target, is_task, memory, secs, "
                       "usd, at) VALUES (?1,?2,?3,?4,?5,?6)")},
    trim_{db.prepare(
      "DELETE FROM samples WHERE target=?1 AND is_task=?2 AND id<=(SELECT id "
      "FROM samples WHERE target=?1 AND is_task=?2 ORDER BY id DESC LIMIT 1 "
      "OFFSET 200)")},
    load_{db.prepare("SELECT target, is_task, memory, secs, usd, at FROM "
                     "samples ORDER BY id")} {
  // nop
}

saved sample_table::save(const save_samples& request) {
  for (const auto& x : request.samples) {
    auto target = std::string_view{x.target.id};
    auto is_task = std::int64_t{x.target.is_task};
    auto memory = x.memory
                    ? std::optional{static_cast<std::int64_t>(x.memory->count)}
                    : std::nullopt;
    insert_.run(target, is_task, memory, x.secs, x.usd, x.at.millis);
    trim_.run(target, is_task);
  }
  return {};
}

kept_samples sample_table::load(const load_samples&) {
  kept_samples result;
  for (auto rows = load_.start(); rows.next();)
    result.samples.push_back(sample_of(rows));
  return result;
}

} // namespace orc::sqlite
