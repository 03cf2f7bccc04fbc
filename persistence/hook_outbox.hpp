#pragma once

#include "messages/bus/bus_store.hpp"
#include "messages/event.hpp"
#include "messages/hook_store.hpp"
#include "persistence/run_tally.hpp"

#include <string>
#include <vector>

namespace orc {

/// @returns what a step of a run means to others, or nothing.
/// @param before what the store held, if anything.
std::optional<event_kind>
fact_of(const std::optional<tallied_run>& before, const run& after);

/// Decides which webhooks are told of a step of a run, and writes what they are
/// told. Both stores ask it inside the transaction of the step, so that a fact
/// is owed to a webhook exactly if it is durable.
class hook_outbox {
public:
  /// @param instance see `store_health`: part of the ids of events.
  explicit hook_outbox(std::string instance);

  void follow(std::vector<hook_filter> hooks);

  /// What the receiver wants no more is not written.
  void disable(const std::string& hook, bool disabled);

  /// @returns whether anybody is told of anything.
  bool is_active() const {
    return !hooks_.empty();
  }

  const std::vector<hook_filter>& hooks() const {
    return hooks_;
  }

  const hook_filter* find(const std::string& hook) const;

  /// @returns what is owed, without ids; the same for the same step whenever it
  ///          is asked but for the time.
  std::vector<hook_delivery> owed(const std::optional<tallied_run>& before,
                                  const run_record& after, timestamp at) const;

  /// @returns what is owed to the bus; nothing while it is not followed.
  std::vector<hook_delivery> owed(const owe_events& facts, timestamp at) const;

  /// @returns what is owed to the bus of facts about runs that no step of them
  ///          shows, each under an id of its own.
  std::vector<hook_delivery>
  owed(const std::vector<publish_event>& facts, timestamp at);

private:
  owed_event make_fact(const publish_event& x, timestamp at);

  std::string instance_;
  std::vector<hook_filter> hooks_;
  std::vector<std::string> disabled_;
  std::uint64_t last_fact_ = 0;
};

} // namespace orc
