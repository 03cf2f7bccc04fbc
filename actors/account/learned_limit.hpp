#pragma once

#include "messages/base/timestamp.hpp"

#include <cstdint>
#include <optional>

namespace orc {

/// A limit that nobody tells us, learned from refusals.
///
///     [ none known ] --refused--> [ what surely ran ] --refused--> [ less ]
///                                     ^          |
///                                     +-accepted-+ a probe beyond it
///
/// Only what of ours surely ran tells something: with nothing of it, others or
/// runs that just ended hold what there is, and the limit stays what it was.
///
/// Now and then one start goes beyond it to find out whether there is more: at
/// once while that works, every ten seconds while it does not, earlier when a
/// run ended.
class learned_limit {
public:
  std::optional<std::uint64_t> value() const {
    return limit_;
  }

  /// @returns whether `amount` may be tried on top of what is `held`.
  bool allows(std::uint64_t held, std::uint64_t amount, timestamp now) const;

  /// So much surely runs.
  void accepted(std::uint64_t running, timestamp now);

  /// `amount` was refused while the platform counted at least `certain` of
  /// ours and at most `possible`.
  void refused(std::uint64_t certain, std::uint64_t possible,
               std::uint64_t amount, timestamp now);

  /// A run ended.
  void freed(timestamp now);

  /// @returns when the next probe may go.
  timestamp probe_at() const {
    return probe_at_;
  }

private:
  std::optional<std::uint64_t> limit_;
  /// What was refused last, together with what the platform may have counted.
  std::uint64_t too_much_ = 0;
  timestamp probe_at_;
  timestamp refused_at_;
};

} // namespace orc
