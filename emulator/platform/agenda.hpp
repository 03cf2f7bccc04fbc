#pragma once

#include "emulator/api/clock.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace orc::emulator {

/// What is to be done later, in order of time: thousands of entries behind one
/// timer. It knows no clock; whoever owns it calls `run` when `next` has come.
class agenda {
public:
  /// Names an entry, to cancel it.
  using entry = std::pair<moment, std::uint64_t>;

  /// Called when `next` came to be earlier than before.
  using sooner = std::function<void()>;

  /// Plans `task` for a moment; entries of the same moment run in the order in
  /// which they were planned.
  entry at(moment when, std::function<void()> task);

  void cancel(const entry& which);

  bool empty() const noexcept {
    return tasks_.empty();
  }

  /// @returns when the first entry is due.
  /// @pre not empty
  moment next() const noexcept {
    return tasks_.begin()->first.first;
  }

  /// Does all that is due at `when`, but not what is planned meanwhile.
  void run(moment when);

  void on_sooner(sooner f) {
    sooner_ = std::move(f);
  }

  void clear() noexcept {
    tasks_.clear();
  }

private:
  std::map<entry, std::function<void()>> tasks_;
  std::uint64_t last_ = 0;
  std::optional<moment> running_until_;
  sooner sooner_;
};

} // namespace orc::emulator
