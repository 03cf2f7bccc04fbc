#pragma once

#include "messages/run.hpp"

namespace orc {

/// What happened to the platform runs of a run on their way.
struct troubles {
  std::uint32_t migrations = 0;
  std::uint32_t reboots = 0;
  std::uint32_t restarts = 0;
  std::uint32_t resurrections = 0;
  std::uint32_t stuck = 0;
};

/// @returns the sums over all attempts.
inline troubles troubles_of(const run& x) {
  troubles result;
  for (const auto& attempt : x.attempts) {
    result.migrations += attempt.migrations;
    result.reboots += attempt.reboots;
    result.restarts += attempt.restarts;
    result.resurrections += attempt.resurrections;
    result.stuck += attempt.stuck;
  }
  return result;
}

} // namespace orc
