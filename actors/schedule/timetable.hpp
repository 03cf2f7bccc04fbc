#pragma once

#include "actors/schedule/cron.hpp"
#include "messages/schedule/schedule.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// What is at most so late was not missed: a service was started again, or the
/// machine was busy.
inline constexpr std::chrono::seconds schedule_grace{30};

/// So many times are caught up with at most.
inline constexpr std::size_t most_caught_up = 1'000;

/// When a schedule is due. Pure logic: the caller says what time it is.
class timetable {
public:
  /// @param anchor from which intervals are counted.
  /// @returns `ec::bad_field` if the definition makes no sense.
  static caf::expected<timetable>
  make(const schedule_definition& x, timestamp anchor);

  /// @returns the first time after another one, if there is one.
  std::optional<timestamp> next(timestamp after) const;

  /// @returns the times after `from` and up to `now` that count, in order.
  std::vector<timestamp> due(timestamp from, timestamp now) const;

  /// @returns when that is done that is due then: later by its jitter, which is
  ///          the same whoever asks, whenever.
  timestamp at(timestamp due) const;

private:
  std::string name_;
  std::optional<cron> cron_;
  time_zone zone_;
  std::chrono::milliseconds interval_{0};
  timestamp anchor_;
  catch_up_policy catch_up_ = catch_up_policy::last;
  std::chrono::milliseconds window_{0};
  std::chrono::milliseconds jitter_{0};
};

} // namespace orc
