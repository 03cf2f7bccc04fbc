#pragma once

#include "messages/batch_store.hpp"
#include "persistence/sqlite/database.hpp"

#include <caf/expected.hpp>

namespace orc::sqlite {

/// The rules of batches; which runs they have is in the table of runs.
class batch_table {
public:
  explicit batch_table(database& db);

  caf::expected<saved> save(const save_batch& request);
  stored_batches load(const load_batches& request);
  batch_names names(const list_batch_names& request);

private:
  statement save_;
  statement load_;
  statement names_;
};

} // namespace orc::sqlite
