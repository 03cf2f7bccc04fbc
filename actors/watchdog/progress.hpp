#pragma once

#include "messages/apify_api.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace orc {

/// Follows whether one platform run still does something. Told what was seen,
/// cheapest first: the number of its items, then the run itself, then the end
/// of its log.
class progress {
public:
  progress(std::chrono::milliseconds patience, timestamp now);

  /// @returns whether there are other items than before.
  bool saw_items(std::uint64_t count, timestamp now);

  /// @returns whether its status, status message or number of restarts is
  /// another than before.
  bool saw_run(const remote_run& x, timestamp now);

  /// @param age how old the last line of its log is.
  /// @returns whether that is younger than all else it did.
  bool saw_log(std::chrono::milliseconds age, timestamp now);

  /// It cannot be found out: it shall have its time once more.
  void forgive(timestamp now) {
    since_ = now;
  }

  std::chrono::milliseconds quiet(timestamp now) const {
    return now - since_;
  }

  bool is_stuck(timestamp now) const {
    return quiet(now) >= patience_;
  }

  /// @returns when to look next: four times in its patience, at least every
  /// five minutes and at most once a second.
  timestamp next_look(timestamp now) const;

private:
  std::chrono::milliseconds patience_;
  timestamp since_;
  std::optional<std::uint64_t> items_;
  std::optional<std::string> signs_;
};

} // namespace orc
