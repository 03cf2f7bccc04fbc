#pragma once

#include "messages/bus/bus_store.hpp"
#include "persistence/hook_outbox.hpp"
#include "persistence/sqlite/database.hpp"

#include <caf/expected.hpp>

#include <map>
#include <vector>

namespace orc::sqlite {

/// What is owed to webhooks. Each write runs in a transaction that somebody
/// else began.
class hook_table {
public:
  explicit hook_table(database& db);

  /// Writes what is owed for a step of a run. Costs nothing while no webhooks
  /// are followed.
  /// @param before what the store held, if anything.
  void add(const std::optional<tallied_run>& before, const run_record& after);

  /// Writes what is owed to the bus besides; nothing while it is not followed.
  void owe(const owe_events& request);
  void owe(const std::vector<publish_event>& facts);

  /// @returns whether anything was added since the last call.
  bool take_added() {
    return std::exchange(added_, false);
  }

  saved follow(const follow_hooks& request);
  hook_records records(const load_hooks& request);
  delivery_page load(const load_deliveries& request);
  saved settle(const settle_delivery& request);
  saved disable(const disable_hook& request);
  redriven_deliveries redrive(const redrive_deliveries& request);
  redriven_deliveries prune(const prune_deliveries& request);

private:
  struct measure {
    /// Deliveries since the backlog was measured.
    std::uint64_t added = 0;
    std::uint64_t dropped = 0;
  };

  void insert(const hook_delivery& x);
  void bound_backlog(const hook_filter& hook);
  hook_record record_of_hook(const hook_filter& hook);

  database& db_;
  hook_outbox outbox_;
  std::map<std::string, measure> backlogs_;
  bool added_ = false;
  statement insert_;
  statement count_;
  statement drop_;
  statement counts_;
  statement oldest_;
  statement load_;
  statement remove_;
  statement settle_;
  statement give_up_;
  statement revive_;
  statement revive_one_;
  statement expire_;
  statement disabled_;
  statement put_disabled_;
  statement enable_;
};

} // namespace orc::sqlite
