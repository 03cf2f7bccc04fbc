#pragma once

#include "messages/run_store.hpp"
#include "persistence/sqlite/database.hpp"

#include <caf/expected.hpp>

#include <map>
#include <string>

namespace orc::sqlite {

/// Answers questions about runs.
class run_queries {
public:
  explicit run_queries(database& db);

  caf::expected<loaded_run> load(const load_run& request);

  caf::expected<run_record> find(const find_run& request);

  caf::expected<record_page> list(const list_runs& request);

  unfinished_runs unfinished(const load_unfinished& request);
  unsettled_runs unsettled(const load_unsettled& request);

  bound_runs bound(const find_bound& request);

private:
  run_record record(run_key key);

  /// Prepares each shape of `list_runs` once.
  statement& listing(const list_runs& request);

  database& db_;
  std::map<std::string, statement> listings_;
  statement load_;
  statement record_;
  statement find_;
  statement unfinished_;
  statement unsettled_;
  statement owner_;
};

} // namespace orc::sqlite
