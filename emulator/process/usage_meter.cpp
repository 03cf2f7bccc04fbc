#include "emulator/process/usage_meter.hpp"

#include <algorithm>

namespace orc::emulator {

namespace {

/// Adds the sample number `n`, from 1.
void add_to_average(double& average, double sample, std::uint64_t n) {
  average += (sample - average) / static_cast<double>(n);
}

} // namespace

void usage_meter::add(const process_usage& sample, clock::time_point when) {
  using milliseconds = std::chrono::duration<double, std::milli>;
  auto elapsed = milliseconds{when - last_}.count();
  auto spent = milliseconds{sample.cpu_time - last_cpu_}.count();
  auto memory = static_cast<double>(sample.memory_bytes);
  ++samples_;
  // Less than before: a child of the program has ended.
  auto cpu = elapsed > 0 ? std::max(0.0, 100 * spent / elapsed) : 0.0;
  usage_.memory_current_bytes = memory;
  usage_.memory_max_bytes = std::max(usage_.memory_max_bytes, memory);
  add_to_average(usage_.memory_average_bytes, memory, samples_);
  usage_.cpu_current = cpu;
  usage_.cpu_max = std::max(usage_.cpu_max, cpu);
  add_to_average(usage_.cpu_average, cpu, samples_);
  last_ = when;
  last_cpu_ = sample.cpu_time;
}

void usage_meter::restart(clock::time_point when) {
  last_ = when;
  last_cpu_ = {};
}

} // namespace orc::emulator
