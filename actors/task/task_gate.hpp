#pragma once

#include "messages/task/limits.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace orc {

/// Says whether the limits of a workgroup or a channel let one more task go.
///
/// The tokens are one point in time: when the bucket will be full again. To
/// take one puts that time off; so nothing has to be counted while nothing
/// happens, and a restart goes on where it was.
class task_gate {
public:
  const std::optional<task_limits>& limits() const noexcept {
    return limits_;
  }

  void limit(const std::optional<task_limits>& x, double full_at);

  /// Tasks that workers have, those of one key counted once.
  std::uint64_t running() const noexcept {
    return running_;
  }

  void enter() noexcept {
    ++running_;
  }

  void leave() noexcept {
    --running_;
  }

  bool is_open(timestamp now) const;

  /// @returns when there is a token again, if none is there.
  std::optional<timestamp> opens_at(timestamp now) const;

  /// @returns how many tokens there are, if they are counted.
  std::optional<double> tokens(timestamp now) const;

  /// Takes a token, if they are counted.
  void spend(timestamp now);

  /// A clock that was set back holds nobody up for longer than the bucket takes
  /// to fill.
  void observe(timestamp now);

  double full_at() const noexcept {
    return full_at_;
  }

  /// @returns why it is not open: `3 of 3 tasks run`.
  std::string problem(timestamp now) const;

private:
  bool has_slot() const;

  /// @returns from when on there is a token.
  timestamp next_token() const;

  std::optional<task_limits> limits_;
  std::uint64_t running_ = 0;
  double full_at_ = 0;
};

} // namespace orc
