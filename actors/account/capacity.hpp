#pragma once

#include "actors/account/allowance.hpp"
#include "messages/apify_api.hpp"

#include <deque>
#include <optional>
#include <unordered_map>

namespace orc {

/// Keeps the books of an account: who holds how much memory and a run slot,
/// from before the start is sent until the platform has freed it.
class capacity {
public:
  /// What one run holds.
  struct reservation {
    mebibytes memory;
    /// When the platform was known to run it; nothing while it starts.
    std::optional<timestamp> running_since;
  };

  capacity(std::optional<mebibytes> max_memory,
           std::optional<std::uint64_t> max_runs);

  /// Runs that live go on, also above the new caps.
  void change_caps(std::optional<mebibytes> max_memory,
                   std::optional<std::uint64_t> max_runs);

  bool fits(mebibytes amount, timestamp now) const {
    return slots_.fits(1, now) && memory_.fits(amount.count, now);
  }

  /// Notes a run that is about to start, or that lives already: then `fits`
  /// need not hold.
  void reserve(run_key key, mebibytes amount);

  /// The platform runs it, with so much.
  /// @returns whether it was starting until now.
  bool confirm(run_key key, mebibytes amount, timestamp now);

  /// @returns what it held.
  std::optional<reservation> release(run_key key, timestamp now);

  void refused_memory(mebibytes amount, timestamp now);
  void refused_slot(timestamp now);

  /// The platform is asked for its limits; its answer will count what it finds
  /// between now and then.
  void limits_asked(timestamp now);

  void limits_known(const account_limits& x);

  /// The token may not read limits, or they cannot be had.
  void limits_unknown();

  /// @returns whether another start may be sent although the limits are only
  /// being learned: not more than have worked, so that few are refused.
  bool may_try_more() const;

  std::uint64_t starting() const {
    return starting_;
  }

  const allowance& memory() const {
    return memory_;
  }

  const allowance& slots() const {
    return slots_;
  }

private:
  /// Something was given back at that time.
  struct released {
    timestamp at;
    mebibytes memory;
    bool was_running = false;
  };

  /// What ran, and ended so shortly before that the platform may still count
  /// it.
  struct leaving {
    std::uint64_t runs = 0;
    std::uint64_t memory = 0;
  };

  leaving leaving_at(timestamp now) const;
  void forget_released(timestamp before);

  allowance memory_;
  allowance slots_;
  std::unordered_map<run_key, reservation> held_;
  std::uint64_t starting_ = 0;
  timestamp asked_at_;
  std::deque<released> released_;
};

} // namespace orc
