#pragma once

#include "messages/run_store/saving.hpp"
#include "messages/task/task_store/schedules.hpp"
#include "persistence/sqlite/database.hpp"
#include "persistence/sqlite/token_table.hpp"

#include <caf/expected.hpp>

namespace orc::sqlite {

/// Schedules, each a document.
class schedule_table {
public:
  schedule_table(database& db, token_table& tokens);

  saved save(const save_schedule& request);
  saved drop(const drop_schedule& request);
  caf::expected<stored_schedules> load(const load_schedules& request);

private:
  token_table& tokens_;
  statement save_;
  statement drop_;
  statement load_;
};

} // namespace orc::sqlite
