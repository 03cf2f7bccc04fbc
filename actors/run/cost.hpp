#pragma once

#include "messages/run.hpp"

namespace orc {

/// @returns what all attempts of a run cost; nothing if none told.
inline std::optional<double> cost_of(const run& x) {
  std::optional<double> result;
  for (const auto& attempt : x.attempts)
    if (attempt.usage_total_usd)
      result = result.value_or(0) + *attempt.usage_total_usd;
  return result;
}

} // namespace orc
