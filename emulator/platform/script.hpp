#pragma once

#include "emulator/platform/fault_plan.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::emulator {

/// What a scripted run does; its input says so. See the README of the emulator
/// for each field.
struct script {
  std::chrono::milliseconds duration{1000};
  /// As a run's status, such as `TIMED-OUT`.
  std::string outcome = "SUCCEEDED";
  /// Of the run after it was resurrected; "" means the same.
  std::string resurrected_outcome;
  std::optional<int> exit_code;
  /// How many items; `literal_items`, if any, come instead.
  std::int64_t items = 0;
  std::vector<std::string> literal_items;
  /// About how large each item is; 0 means as small as it may be.
  std::int64_t item_bytes = 0;
  /// Between two items; 0 spreads them over the duration.
  std::chrono::milliseconds item_every{0};
  std::string status_message;
  std::optional<double> usage_total_usd;
  /// How long after its end the cost of the run is not told; nothing: it is
  /// told at once.
  std::optional<std::chrono::milliseconds> usage_after;
  /// With less memory it runs out of it at its end: FAILED, exit code 137.
  std::int64_t needs_memory_mbytes = 0;
  /// Of the run after it was resurrected, if it is another.
  std::optional<std::chrono::milliseconds> resurrected_duration;
  /// So many runs with the same key fail before one succeeds.
  std::int64_t fail_first = 0;
  std::string key;
  /// How long it takes to end when it is aborted gracefully.
  std::chrono::milliseconds graceful_abort{0};
  /// What goes wrong with the request that starts the run ...
  std::optional<fault> start_fault;
  /// ... for so many requests with the same key.
  std::int64_t fault_times = 1;

  std::int64_t item_count() const noexcept {
    return literal_items.empty()
             ? items
             : static_cast<std::int64_t>(literal_items.size());
  }

  /// @returns JSON of the item at `index`.
  std::string item(std::int64_t index, std::string_view run_id) const;
};

/// Reads a script; whatever is no field of it is ignored, and what is missing
/// is as in `defaults`.
script read_script(std::string_view input, const script& defaults);

} // namespace orc::emulator
