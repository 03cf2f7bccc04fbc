#pragma once

#include "messages/target_history.hpp"
#include "persistence/sqlite/database.hpp"

namespace orc::sqlite {

/// Keeps what the newest platform runs of each target took and cost. Each call
/// runs in a transaction that somebody else began.
class sample_table {
public:
  explicit sample_table(database& db);

  saved save(const save_samples& request);

  kept_samples load(const load_samples& request);

private:
  statement insert_;
  statement trim_;
  statement load_;
};

} // namespace orc::sqlite
