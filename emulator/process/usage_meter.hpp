#pragma once

#include "emulator/process/process.hpp"

#include <chrono>
#include <cstdint>

namespace orc::emulator {

/// What a container used since it was created. Processor use is in percent of
/// one core.
struct container_usage {
  double memory_average_bytes = 0;
  double memory_max_bytes = 0;
  double memory_current_bytes = 0;
  double cpu_average = 0;
  double cpu_max = 0;
  double cpu_current = 0;
};

/// Makes averages and maxima of what is sampled now and then.
class usage_meter {
public:
  using clock = std::chrono::steady_clock;

  explicit usage_meter(clock::time_point start) : last_(start) {
    // nop
  }

  void add(const process_usage& sample, clock::time_point when);

  /// The process is another one from now on.
  void restart(clock::time_point when);

  const container_usage& usage() const noexcept {
    return usage_;
  }

private:
  container_usage usage_;
  std::uint64_t samples_ = 0;
  clock::time_point last_;
  std::chrono::milliseconds last_cpu_{0};
};

} // namespace orc::emulator
