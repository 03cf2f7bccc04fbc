#include "actors/account/pacer.hpp"

#include <cmath>

namespace orc {

namespace {

constexpr std::chrono::milliseconds one_second{1'000};

/// After a 429, this part of the rate that was too fast.
constexpr double back_to = 0.7;

/// Each start that works adds so many starts per second: 10 % per second.
constexpr double growth = 0.1;

/// Timers are not exact: what one missed, the next may make up for.
constexpr double burst_millis = 20;

} // namespace

timestamp pacer::ready_at() const {
  auto paced = timestamp{static_cast<std::int64_t>(std::ceil(next_))};
  return std::max(backoff_.until(), paced);
}

void pacer::sent(timestamp now) {
  if (now - second_ >= one_second) {
    sent_before_ = now - second_ < 2 * one_second ? sent_ : 0;
    second_ = now;
    sent_ = 0;
  }
  ++sent_;
  if (rate_ > 0)
    next_ = std::max(next_, static_cast<double>(now.millis) - burst_millis)
            + 1'000 / rate_;
}

void pacer::worked() {
  backoff_.worked();
  if (rate_ == 0)
    return;
  rate_ += growth;
  if (rate_ > 2 * too_fast_) {
    rate_ = 0;
    next_ = 0;
  }
}

void pacer::limited(timestamp now, double jitter) {
  if (backoff_.holds(now))
    return;
  backoff_.failed(now, jitter);
  too_fast_ = rate_ > 0 ? std::min(rate_, rate_seen()) : rate_seen();
  rate_ = std::max(1.0, too_fast_ * back_to);
  next_ = static_cast<double>(backoff_.until().millis);
}

double pacer::rate_seen() const {
  return std::max({1.0, sent_, sent_before_});
}

} // namespace orc
