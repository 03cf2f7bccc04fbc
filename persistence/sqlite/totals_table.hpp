#pragma once

#include "persistence/run_tally.hpp"
#include "persistence/sqlite/database.hpp"

namespace orc::sqlite {

/// Keeps the totals: a few rows that change once a commit, not once a run.
class totals_table {
public:
  explicit totals_table(database& db);

  /// What the open transaction changed so far.
  run_tally& changes() {
    return changes_;
  }

  /// Writes the changes; before every commit.
  void flush();

  /// Forgets the changes; after a rollback.
  void forget();

  run_totals load(const load_totals& request);

private:
  /// Batches are many and small: their runs are counted when asked for.
  run_totals load_batch(const load_totals& request);

  run_tally changes_;
  statement add_;
  statement load_;
  statement load_batch_;
};

} // namespace orc::sqlite
