#pragma once

#include "persistence/hook_outbox.hpp"

#include <map>
#include <vector>

namespace orc {

/// What is owed to webhooks, for the store that forgets. It answers as the
/// table of SQLite does.
class hook_book {
public:
  explicit hook_book(std::string instance);

  /// Writes what is owed for a step of a run.
  /// @returns whether anything is.
  bool add(const std::optional<tallied_run>& before, const run_record& after);

  /// Writes what is owed to the bus besides.
  /// @returns whether anything is.
  bool owe(const owe_events& request);
  bool owe(const std::vector<publish_event>& facts);

  saved follow(const follow_hooks& request);
  hook_records records() const;
  delivery_page load(const load_deliveries& request) const;
  saved settle(const settle_delivery& request);
  saved disable(const disable_hook& request);
  redriven_deliveries redrive(const redrive_deliveries& request);
  redriven_deliveries prune(const prune_deliveries& request);

private:
  bool keep(std::vector<hook_delivery> owed);
  void drop_excess(const hook_filter& hook);

  hook_outbox outbox_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, hook_delivery> deliveries_;
  /// By name: why it gets nothing.
  std::map<std::string, std::string> disabled_;
  std::map<std::string, std::uint64_t> dropped_;
};

} // namespace orc
