#pragma once

#include "messages/walk/walk_spec.hpp"
#include "messages/walk/walk_store.hpp"

#include <optional>

namespace orc {

/// How many pages of a batch may be done at a time: the limit that users set,
/// whether it is paused, and how it is ramped up.
class limiter {
public:
  limiter() = default;

  limiter(std::optional<walk_ramp> ramp, timestamp start)
    : ramp_{ramp}, start_{start}, level_{ramp ? ramp->from : 0} {
    // nop
  }

  /// @returns the limit at a time.
  std::uint64_t at(const walk_limits& limits, timestamp now) const {
    if (limits.paused)
      return 0;
    if (!ramp_)
      return limits.limit;
    return std::min<std::uint64_t>(limits.limit, level(now, limits.limit));
  }

  /// @returns when the limit changes by time alone.
  std::optional<timestamp> next_change(timestamp now) const {
    if (!ramp_ || ramp_->automatic || now >= start_ + duration())
      return std::nullopt;
    auto step = duration() / 100;
    return now + std::max(step, std::chrono::milliseconds{10});
  }

  /// A page is done: one round of them without an error lets one more start.
  void succeed(const walk_limits& limits) {
    if (!ramp_ || !ramp_->automatic || ++succeeded_ < level_)
      return;
    succeeded_ = 0;
    if (level_ < limits.limit)
      ++level_;
  }

  /// A page failed, or asked for less: half of them may go on.
  /// @param cuts how often that had happened when its attempt began: those that
  ///             were under way together count once.
  void trouble(std::uint64_t cuts) {
    if (!ramp_ || !ramp_->automatic || cuts != cuts_)
      return;
    level_ = std::max<std::uint64_t>(1, level_ / 2);
    succeeded_ = 0;
    ++cuts_;
  }

  std::uint64_t cuts() const noexcept {
    return cuts_;
  }

private:
  std::chrono::milliseconds duration() const {
    return std::chrono::milliseconds{
      static_cast<std::int64_t>(ramp_->over_secs * 1000)};
  }

  std::uint64_t level(timestamp now, std::uint64_t most) const {
    if (ramp_->automatic)
      return level_;
    auto to = std::max<std::uint64_t>(ramp_->to.value_or(most), ramp_->from);
    auto passed = std::max<std::int64_t>((now - start_).count(), 0);
    auto all = std::max<std::int64_t>(duration().count(), 1);
    if (passed >= all)
      return to;
    return ramp_->from
           + (to - ramp_->from) * static_cast<std::uint64_t>(passed)
               / static_cast<std::uint64_t>(all);
  }

  std::optional<walk_ramp> ramp_;
  timestamp start_;
  std::uint64_t level_ = 0;
  std::uint64_t succeeded_ = 0;
  std::uint64_t cuts_ = 0;
};

/// Changes the limit as users ask for it.
inline void set_limit(walk_limits& x, std::uint32_t limit) {
  x.before.push_back(x.limit);
  x.limit = limit;
  // Nobody counts back so far.
  if (x.before.size() > 1000)
    x.before.erase(x.before.begin());
}

/// @returns false if there was none before.
inline bool restore_limit(walk_limits& x) {
  if (x.before.empty())
    return false;
  x.limit = x.before.back();
  x.before.pop_back();
  return true;
}

} // namespace orc
