#pragma once

#include "emulator/platform/run.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace orc::emulator {

struct engine_options {
  /// From READY to RUNNING.
  std::chrono::milliseconds start_delay{0};
  /// From the end of a run until its memory and slot are free.
  std::chrono::milliseconds release_lag{0};
  double usd_per_compute_unit = 0.3;
};

/// What is asked of a new run; options are resolved already.
struct start_request {
  const user* owner = nullptr;
  app* actor = nullptr;
  std::string task_id;
  run_options options;
  run_meta meta;
  /// Null if the run has no input.
  std::optional<stored_record> input;
  /// Called with the run before anybody hears of it.
  std::function<void(run&)> prepare;
};

/// What changes when a run is resurrected.
struct resurrect_request {
  std::optional<std::int64_t> timeout_secs;
  std::optional<std::int64_t> memory_mbytes;
  std::optional<std::int64_t> max_items;
  std::optional<double> max_total_charge_usd;
  std::optional<bool> restart_on_error;
};

} // namespace orc::emulator
