#pragma once

#include "messages/start_store.hpp"
#include "persistence/sqlite/database.hpp"

namespace orc::sqlite {

/// Starts whose clients have no answer yet; few at a time.
class start_table {
public:
  explicit start_table(database& db);

  saved note(const note_start& request);
  saved forget(const forget_start& request);
  noted_starts load(const load_starts& request);

private:
  statement note_;
  statement forget_;
  statement forget_old_;
  statement load_;
};

} // namespace orc::sqlite
