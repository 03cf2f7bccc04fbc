#pragma once

#include "messages/split_store.hpp"
#include "persistence/sqlite/database.hpp"

#include <caf/expected.hpp>

namespace orc::sqlite {

/// How lists were cut into runs.
class split_table {
public:
  explicit split_table(database& db);

  stored_split load(const load_split& request);
  caf::expected<saved> save(const save_split& request);

private:
  statement find_;
  statement parts_;
  statement create_;
  statement append_;
};

} // namespace orc::sqlite
