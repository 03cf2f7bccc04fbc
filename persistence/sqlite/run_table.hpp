#pragma once

#include "messages/run_store.hpp"
#include "persistence/sqlite/hook_table.hpp"
#include "persistence/sqlite/totals_table.hpp"

#include <caf/expected.hpp>

namespace orc::sqlite {

/// Writes runs, their inputs, the platform runs that are bound to them, and
/// what their steps owe to webhooks. Each call runs in a transaction that
/// somebody else began.
class run_table {
public:
  run_table(database& db, totals_table& totals, hook_table& hooks);

  caf::expected<inserted_runs> insert(const insert_runs& request);

  caf::expected<saved> save(const save_run& request);

  caf::expected<saved> settle(const settle_run& request);

  /// Removes final runs, at most `limit`.
  /// @returns how many.
  std::uint64_t prune(timestamp finished_before, std::int64_t limit);

private:
  inserted_run insert_one(const new_run& x);
  void replace(const tallied_run& before, const run_record& record);
  run_record named(const run& x);
  std::optional<tallied_run> tallied(run_key key);
  std::uint64_t revision_of(run_key key);
  caf::error check_bindings(const run_record& record);
  std::optional<run_key> owner_of(std::string_view run_id);
  void bind_attempts(const run_record& record);
  void remove(run_key key);

  database& db_;
  totals_table& totals_;
  hook_table& hooks_;
  statement insert_;
  statement update_;
  statement revision_;
  statement named_;
  statement tallied_;
  statement put_input_;
  statement owner_;
  statement bind_;
  statement expired_;
  statement remove_run_;
  statement remove_input_;
  statement remove_attempts_;
};

} // namespace orc::sqlite
