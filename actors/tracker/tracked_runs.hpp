#pragma once

#include "messages/run.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace orc {

struct tracking_policy {
  /// Up to so many live runs each has a long poll of its own: 200 polls of 60 s
  /// cost 3.3 requests/s. Beyond, one sweep of the list serves all.
  std::size_t poll_limit = 200;
  /// Between two sweeps; grows with the pages of a sweep, so that sweeping
  /// costs at most two requests/s.
  std::chrono::milliseconds sweep_interval{1'000};
  /// After an answer that came at once without an end: doubles up to a second.
  std::chrono::milliseconds repoll_pause{100};
  /// How long the platform may not know a run before it counts as gone.
  std::chrono::milliseconds lost_after{30'000};
  /// Confirmations (one GET a run that left the list) under way at a time.
  std::size_t max_confirmations = 32;
};

/// Keeps the books of the TRACKER: which runs live, how each is watched, and
/// which ones a sweep did not see.
class tracked_runs {
public:
  struct entry {
    timestamp started_at;
    /// A request about this run is under way or planned.
    bool asked = false;
    /// Number of the last sweep that saw it, or during which it was added.
    std::uint64_t sweep = 0;
    /// Polls in a row that came back at once.
    std::uint32_t early = 0;
    /// Polls in a row that failed.
    std::uint32_t failures = 0;
    /// What its watcher was last told.
    std::optional<remote_status> told;
    /// When the platform first did not know it, by a clock that nobody sets.
    std::optional<std::chrono::steady_clock::time_point> missing_since;
  };

  bool empty() const noexcept {
    return entries_.empty();
  }

  std::size_t size() const noexcept {
    return entries_.size();
  }

  /// @returns nothing if the run is not tracked.
  entry* find(const std::string& id);

  void add(const std::string& id, timestamp started_at);
  void remove(const std::string& id);

  /// @returns the earliest start of all.
  /// @pre `!empty()`
  timestamp oldest() const;

  void begin_sweep() noexcept {
    ++sweep_;
  }

  /// The sweep under way saw the run, alive.
  void saw(const std::string& id);

  /// @returns the runs that the sweep should have seen and did not, and that
  ///          nobody asks about yet.
  std::vector<std::string> unseen() const;

  /// @returns the runs nobody asks about.
  std::vector<std::string> unasked() const;

private:
  std::unordered_map<std::string, entry> entries_;
  std::multimap<timestamp, std::string> by_start_;
  std::uint64_t sweep_ = 0;
};

} // namespace orc
