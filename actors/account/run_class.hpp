#pragma once

#include "messages/base/units.hpp"

#include <compare>
#include <cstdint>
#include <optional>

namespace orc {

/// What all runs of one waiting line have in common. Namespace and target are
/// numbers that their owner gives out.
struct run_class {
  std::int32_t priority = 0;
  std::uint32_t space = 0;
  std::uint32_t target = 0;
  /// Nothing: what the target gives by default.
  std::optional<mebibytes> memory = std::nullopt;

  friend auto operator<=>(const run_class&, const run_class&) = default;
};

/// The first run of a waiting line.
struct line_front {
  std::uint32_t line = 0;
  run_key key;
  const run_class* kind = nullptr;
};

/// What becomes of the run that stands first in a line.
enum class admission_verdict : std::uint8_t {
  /// It is the one.
  take,
  /// Try the next line.
  skip,
  /// Nobody behind it may go either.
  stop,
};

} // namespace orc
