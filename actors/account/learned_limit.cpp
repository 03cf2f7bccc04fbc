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
  if (!limit_ || held + amount <= *limit_)
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

void learned_limit::refused(std::uint64_t held, std::uint64_t amount,
                            timestamp now) {
  // A refused probe says nothing new. Where nothing was held, all we know is
  // that the limit is below the amount: go on with half of it.
  if (!limit_ || held + amount <= *limit_)
    limit_ = held > 0 ? held : amount / 2;
  too_much_ = held + amount;
  refused_at_ = now;
  probe_at_ = now + probe_every;
}

void learned_limit::freed(timestamp now) {
  probe_at_ = std::min(probe_at_, std::max(now, refused_at_ + probe_soonest));
}

} // namespace orc
