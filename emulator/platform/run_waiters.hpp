#pragma once

#include "emulator/platform/agenda.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>

namespace orc::emulator {

/// Who waits for the end of runs (`waitForFinish`).
class run_waiters {
public:
  explicit run_waiters(agenda& plan) : agenda_(plan) {
    // nop
  }

  /// Calls `done` once: when the run has finished, or at `latest`.
  void
  wait(const std::string& run_id, moment latest, std::function<void()> done);

  /// Wakes all who wait for the run.
  void wake(const std::string& run_id);

private:
  struct waiter {
    std::function<void()> done;
    agenda::entry timeout;
  };

  void give_up(const std::string& run_id, std::uint64_t number);

  agenda& agenda_;
  std::unordered_map<std::string, std::map<std::uint64_t, waiter>> waiters_;
  std::uint64_t last_ = 0;
};

} // namespace orc::emulator
