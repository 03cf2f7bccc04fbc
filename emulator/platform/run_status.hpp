#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace orc::emulator {

///     READY ─▶ RUNNING ─▶ SUCCEEDED | FAILED
///       │         ├─▶ TIMING-OUT ─▶ TIMED-OUT
///       └─────────┴─▶ ABORTING ─▶ ABORTED
///     and from each end, resurrected, back to RUNNING.
enum class run_status : std::uint8_t {
  ready,
  running,
  timing_out,
  aborting,
  succeeded,
  failed,
  timed_out,
  aborted,
};

constexpr auto run_status_count = std::size_t{8};

std::string_view to_string(run_status x) noexcept;

/// @returns the status called such as `TIMED-OUT`, or nothing.
std::optional<run_status> parse_run_status(std::string_view text) noexcept;

constexpr bool is_finished(run_status x) noexcept {
  return x >= run_status::succeeded;
}

} // namespace orc::emulator
