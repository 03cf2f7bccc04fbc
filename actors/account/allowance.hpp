#pragma once

#include "actors/account/backoff.hpp"
#include "actors/account/learned_limit.hpp"

#include <cstdint>
#include <optional>

namespace orc {

/// How the limits of an account are known.
enum class limits_source : std::uint8_t {
  /// Not yet.
  nothing,
  /// The platform tells.
  platform,
  /// The token may not read them: learned from what is refused.
  refusals,
};

/// One thing that an account has so much of, memory or run slots: what is held
/// by our runs, what others use, and whether more fits.
///
/// Others' use is what the platform counts less what of ours it counted: of
/// our runs, some were surely counted, some possibly (they were about to start,
/// or had just ended). The estimate moves only as far as this evidence makes
/// it, so that our own coming and going does not look like others'.
class allowance {
public:
  explicit allowance(std::optional<std::uint64_t> cap) noexcept : cap_{cap} {
    // nop
  }

  /// What is held above it stays held.
  void change_cap(std::optional<std::uint64_t> cap) {
    cap_ = cap;
  }

  /// A start that needs `amount` is sent.
  void hold(std::uint64_t amount) {
    held_ += amount;
  }

  /// What is held surely runs.
  void confirm(std::uint64_t amount, timestamp now);

  /// What was held is free; `running` if it was confirmed.
  void give_back(std::uint64_t amount, bool running, timestamp now);

  /// The platform counts `used` in all, of ours at least `certain` and at most
  /// `possible` more.
  void observe(std::uint64_t limit, std::uint64_t used, std::uint64_t certain,
               std::uint64_t possible);

  /// The platform does not tell.
  void learn() {
    source_ = limits_source::refusals;
    others_ = 0;
  }

  /// The platform refused `amount`, which is given back already; it may still
  /// have counted what is `leaving`, of runs that ended just before.
  void refused(std::uint64_t amount, std::uint64_t leaving, timestamp now);

  /// @returns whether `amount` may be tried now.
  bool fits(std::uint64_t amount, timestamp now) const;

  /// @returns whether `amount` would fit if we held nothing.
  bool is_reachable(std::uint64_t amount) const;

  /// @returns the most that one run can ever get, if that is known.
  std::optional<std::uint64_t> ceiling() const;

  /// @returns what is free; nothing if that is not known.
  std::optional<std::uint64_t> free() const;

  /// @returns what we and others may hold together, if that is known.
  std::optional<std::uint64_t> limit() const;

  /// @returns when to look again although nothing ended; nothing if only an
  /// end helps.
  std::optional<timestamp> retry_at(timestamp now) const;

  std::uint64_t held() const noexcept {
    return held_;
  }

  std::uint64_t others() const noexcept {
    return others_;
  }

  limits_source source() const noexcept {
    return source_;
  }

  /// @returns until when a refusal holds back, if it does.
  std::optional<timestamp> blocked_until(timestamp now) const {
    return block_.holds(now) ? std::optional{block_.until()} : std::nullopt;
  }

private:
  std::optional<std::uint64_t> cap_;
  std::optional<std::uint64_t> remote_limit_;
  limits_source source_ = limits_source::nothing;
  learned_limit learned_;
  std::uint64_t held_ = 0;
  std::uint64_t running_ = 0;
  std::uint64_t others_ = 0;
  std::uint64_t others_at_most_ = 0;
  /// After a refusal that limits do not explain: from this amount on.
  backoff block_{std::chrono::milliseconds{250},
                 std::chrono::milliseconds{5'000}};
  std::uint64_t blocked_from_ = 0;
};

} // namespace orc
