#include "actors/account/learned_limit.hpp"

#include <algorithm>

namespace orc {

namespace {

constexpr std::chrono::milliseconds probe_every{10'000};

/// No sooner after a refusal, whatever ends: a probe may cost a call.
constexpr std::chrono::milliseconds probe_soonest{1'000};

/// A large run shall not take every probe from the small ones.
constexpr std::chrono::milliseconds retry_same_after{60'000};

} // namespace

bool learned_limit::allows(std::uint64_t held, std::uint64_t amount,
                           timestamp now) const {
  // With nothing held there is nothing whose end would be worth waiting for.
  if (!limit_ || held == 0 || held + amount <= *limit_)
    return true;
  // More held than known to fit: a probe is under way.
  if (held > *limit_ || now < probe_at_)
    return false;
  // What was refused already lets smaller probes go first for a while.
  return held + amount < too_much_ || now - refused_at_ >= retry_same_after;
}

void learned_limit::accepted(std::uint64_t running, timestamp now) {
  if (!limit_ || running <= *limit_)
    return;
  limit_ = running;
  probe_at_ = now;
}

void learned_limit::refused(std::uint64_t certain, std::uint64_t possible,
                            std::uint64_t amount, timestamp now) {
  if (certain == 0)
    return;
  // A refused probe says nothing new, nor does what would go beyond the limit
  // together with what may still have been counted.
  if (!limit_ || possible + amount <= *limit_)
    limit_ = certain;
  too_much_ = possible + amount;
  refused_at_ = now;
  probe_at_ = now + probe_every;
}

void learned_limit::freed(timestamp now) {
  probe_at_ = std::min(probe_at_, std::max(now, refused_at_ + probe_soonest));
}

} // namespace orc
