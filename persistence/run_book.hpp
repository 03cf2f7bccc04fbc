#pragma once

#include "messages/run_store.hpp"
#include "persistence/run_tally.hpp"

#include <caf/expected.hpp>

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace orc {

/// All runs of a store in memory, with the rules that every store keeps: names
/// and platform runs belong to one run, saves only go forward, keys grow.
class run_book {
public:
  // -- what a PERSISTENCE is asked, see messages/run_store.hpp ----------------

  caf::expected<inserted_runs> insert(const insert_runs& request);
  caf::expected<saved> save(const save_run& request);
  caf::expected<saved> settle(const settle_run& request);
  caf::expected<loaded_run> load(const load_run& request) const;
  caf::expected<run_record> find(const find_run& request) const;
  caf::expected<record_page> list(const list_runs& request) const;
  unfinished_runs unfinished(const load_unfinished& request) const;
  unsettled_runs unsettled(const load_unsettled& request) const;
  bound_runs bound(const find_bound& request) const;
  run_totals totals(const load_totals& request) const;
  saved save_token(const save_account& request);
  stored_accounts accounts(const load_accounts& request) const;

  /// @returns the keys of the runs that are gone.
  std::vector<run_key> prune(const prune_runs& request);

  // -- how a store fills it from what it kept ---------------------------------

  /// Takes a run as it is, in place of what the book has under its key.
  /// @param input stays as it is if empty.
  void put(const run_record& record, const json_text& input);

  /// Forgets a run, if it is there.
  void drop(run_key key);

  /// Gives no key up to this one any more.
  void skip_keys(run_key last);

  const std::map<run_key, loaded_run>& runs() const noexcept {
    return runs_;
  }

  run_key last_key() const noexcept {
    return last_key_;
  }

private:
  inserted_run insert(const new_run& x);
  caf::error check_bindings(const run_record& record) const;
  void bind_attempts(const run_record& record);

  run_key last_key_;
  std::map<run_key, loaded_run> runs_;
  std::map<run_ref, run_key> names_;
  std::unordered_map<std::string, run_key> bound_;
  std::map<std::string, secret> accounts_;
  run_tally tally_;
};

} // namespace orc
