#pragma once

#include "actors/account/backoff.hpp"

namespace orc {

/// Paces the starts of one target. They go as fast as they can until the
/// platform answers 429: then nothing goes for a moment, after it a part of the
/// rate that was too fast, which grows with every start that works until
/// nothing is left of the limit.
class pacer {
public:
  /// @returns when the next start may be sent.
  timestamp ready_at() const;

  /// A start is sent.
  void sent(timestamp now);

  /// A start worked.
  void worked();

  /// A start was answered 429.
  /// @param jitter 0 to 1.
  void limited(timestamp now, double jitter);

  /// @returns whether it waits because of an answer 429.
  bool backs_off(timestamp now) const {
    return backoff_.holds(now);
  }

private:
  double rate_seen() const;

  backoff backoff_{std::chrono::milliseconds{500},
                   std::chrono::milliseconds{60'000}};
  /// Starts per second; 0 while there is no limit.
  double rate_ = 0;
  /// The rate that was too fast.
  double too_fast_ = 0;
  /// When the next start may be sent, in milliseconds since 1970.
  double next_ = 0;
  /// Starts in this second, and in the one before.
  timestamp second_;
  double sent_ = 0;
  double sent_before_ = 0;
};

} // namespace orc
