#pragma once

#include "actors/account/run_class.hpp"

#include <chrono>
#include <string>

namespace orc {

/// By which rules an account admits runs.
struct admission_rules {
  /// Of the account, in sentences for people.
  std::string account;
  std::optional<mebibytes> max_memory = std::nullopt;
  std::optional<std::uint64_t> max_runs = std::nullopt;
  /// How long smaller runs may pass one that does not fit.
  std::chrono::milliseconds max_overtake{30'000};
  /// Starts under way: more would only wait at the platform.
  std::uint32_t max_starting_of_target = 64;
  std::uint32_t max_starting = 256;
};

/// What a run holds that was admitted.
struct run_placement {
  run_class kind;
  mebibytes memory;
  bool starting = true;
};

} // namespace orc
