#pragma once

#include "messages/bus/bus_store.hpp"
#include "messages/bus/facts.hpp"
#include "messages/task/tasks.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orc {

// Facts in the form in which the bus is told. Those about runs are written by
// the store in the transaction of what they tell of; the others are made here.

/// Makes facts of one store.
class fact_maker {
public:
  /// @param store see `store_health`: part of the ids of events.
  explicit fact_maker(std::string store);

  /// @param number of this process, growing.
  owed_event
  make(const task_event& x, std::uint64_t number, timestamp at) const;

  owed_event make(const command_outcome& x, bool failed, timestamp at) const;

private:
  owed_event finish(bus_event x, std::string_view kind) const;

  std::string store_;
};

/// Where a CloudEvent goes, and whose order counts for it.
struct event_route {
  /// The kind of the fact: `run.ended`.
  std::string kind;
  std::string entity;
};

/// @returns nothing if the text is no event of ours.
std::optional<event_route> route_of(std::string_view event);

/// @returns the event without its data, for a bus that takes none so large.
json_text without_data(std::string_view event);

} // namespace orc
