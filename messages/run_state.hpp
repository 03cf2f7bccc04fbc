#pragma once

#include "messages/base/names.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace orc {

/// Where a run is in its life; see docs/run_lifecycle.md.
enum class run_state : std::uint8_t {
  /// Durable, waits for memory, a run slot or its next attempt.
  queued,
  /// The intent to start is durable; the platform may know the run or not.
  starting,
  /// The platform runs it.
  running,
  /// The platform finished it; `status` tells how. Final.
  finished,
  /// Aborted before it was started. Final.
  cancelled,
  /// Can never start: `error` tells why. Final.
  refused,
  /// The platform no longer knows it. Final.
  lost,
};

template <>
struct enum_names<run_state> {
  static constexpr std::array<std::string_view, 7> values{
    "queued",    "starting", "running", "finished",
    "cancelled", "refused",  "lost"};
};

constexpr bool is_final(run_state x) {
  return x >= run_state::finished;
}

/// The platform's word for the state of one of its runs.
enum class remote_status : std::uint8_t {
  ready,
  running,
  succeeded,
  failed,
  timing_out,
  timed_out,
  aborting,
  aborted,
};

template <>
struct enum_names<remote_status> {
  static constexpr std::array<std::string_view, 8> values{
    "READY",      "RUNNING",   "SUCCEEDED", "FAILED",
    "TIMING-OUT", "TIMED-OUT", "ABORTING",  "ABORTED"};
};

constexpr bool is_terminal(remote_status x) {
  return x == remote_status::succeeded || x == remote_status::failed
         || x == remote_status::timed_out || x == remote_status::aborted;
}

/// What to do with a run whose last attempt ended in a certain way.
enum class end_policy : std::uint8_t {
  /// Hand it out as it is.
  hand_out,
  /// Start it anew.
  restart,
  /// Let the same platform run continue, with the storages it has.
  resurrect,
};

template <>
struct enum_names<end_policy> {
  static constexpr std::array<std::string_view, 3> values{"return", "restart",
                                                          "resurrect"};
};

} // namespace orc
