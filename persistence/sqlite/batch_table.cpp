#include "persistence/sqlite/batch_table.hpp"

#include "messages/json/json.hpp"
#include "persistence/sqlite/failure.hpp"

#include <fmt/format.h>

namespace orc::sqlite {

batch_table::batch_table(database& db)
  : save_{db.prepare("INSERT INTO batches (namespace, name, record) "
                     "VALUES (?1,?2,?3) ON CONFLICT (namespace, name) "
                     "DO UPDATE SET record=excluded.record")},
    load_{db.prepare("SELECT record FROM batches")},
    names_{db.prepare("SELECT namespace, batch FROM runs "
                      "WHERE batch IS NOT NULL AND (?1='' OR namespace=?1) "
                      "GROUP BY namespace, batch ORDER BY max(id) DESC "
                      "LIMIT ?2")} {
  // nop
}

caf::expected<saved> batch_table::save(const save_batch& request) {
  const auto& record = request.record;
  save_.run(std::string_view{record.ref.space},
            std::string_view{record.ref.name},
            std::string_view{to_json(record)});
  return saved{};
}

stored_batches batch_table::load(const load_batches&) {
  stored_batches result;
  for (auto rows = load_.start(); rows.next();) {
    auto record = from_json<batch_record>(rows.text(0));
    if (!record)
      throw failure{ec::store_corrupt,
                    fmt::format("a batch of the store cannot be read: {}",
                                message_of(record.error()))};
    result.records.push_back(std::move(*record));
  }
  return result;
}

batch_names batch_table::names(const list_batch_names& request) {
  batch_names result;
  for (auto rows = names_.start(std::string_view{request.space},
                                std::int64_t{request.limit});
       rows.next();)
    result.refs.push_back(
      {std::string{rows.text(0)}, std::string{rows.text(1)}});
  return result;
}

} // namespace orc::sqlite
