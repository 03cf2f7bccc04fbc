#pragma once

#include "messages/run_store.hpp"
#include "tests/support/quiet_config.hpp"

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <future>
#include <string>
#include <vector>

namespace orc::test {

/// An actor system with two threads that says nothing.
class quiet_system {
public:
  quiet_system() : system_{config_} {
    // nop
  }

  caf::actor_system& get() {
    return system_;
  }

private:
  quiet_config config_;
  caf::actor_system system_;
};

/// Asks a PERSISTENCE and waits for its answers. Stops it when gone.
class store_client {
public:
  store_client(caf::actor_system& system, run_store_actor store)
    : system_{&system}, store_{std::move(store)} {
    // nop
  }

  store_client(const store_client&) = delete;

  store_client& operator=(const store_client&) = delete;

  ~store_client() {
    stop();
  }

  /// Ends the store and waits until its files are closed.
  void stop();

  const run_store_actor& handle() const {
    return store_;
  }

  caf::expected<inserted_runs> try_insert(std::vector<new_run> runs);
  /// Gives the record the next revision if it has none.
  caf::expected<saved> try_save(run_record record, json_text input = {});
  caf::expected<saved> try_settle(run_record record);
  caf::expected<saved> try_save_account(stored_account account);
  caf::expected<stored_accounts> try_accounts();
  caf::expected<loaded_run> try_load(run_key key);
  caf::expected<run_record> try_find(run_ref ref);
  caf::expected<record_page> try_list(list_runs request);
  caf::expected<store_health> try_check();

  /// Inserts one run. @returns it as it is stored.
  inserted_run insert(run_record record, std::string input = "{}");
  void save(run_record record, json_text input = {});
  record_page list(list_runs request);
  unfinished_runs unfinished(load_unfinished request);
  std::vector<run_record> unsettled(load_unsettled request);
  bound_runs bound(std::vector<std::string> run_ids);
  run_totals totals(std::string space = {}, std::string batch = {});
  std::uint64_t prune(timestamp finished_before);

  /// Sends saves without waiting. @returns the error of each, in order.
  std::vector<caf::error> save_all(const std::vector<run_record>& records);

private:
  caf::actor_system* system_;
  run_store_actor store_;
  bool stopped_ = false;
};

/// A queued run of an Apify actor.
/// @returns a number larger than any before: saves must be newer than what is
///          stored.
std::uint64_t next_revision();

run_record make_record(std::string name, std::string space = "default");

/// @returns the record in another state; final ones ended at `finished_at`.
run_record in_state(run_record x, run_state state, timestamp finished_at = {});

/// @returns the record with one more attempt.
run_record with_attempt(run_record x, std::string run_id);

/// @returns the names of the runs of a page, in order.
std::vector<std::string> names_of(const record_page& page);

} // namespace orc::test
