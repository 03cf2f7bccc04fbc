#pragma once

#include "actors/account/admission_rules.hpp"
#include "messages/run_actor.hpp"

#include <optional>
#include <variant>

namespace orc {

/// What a RUN was made for that has no place on the platform.
using run_errand = std::variant<std::monostate, refuse_run, abort_run>;

/// A run that has a RUN.
struct live_run {
  run_actor actor;
  run_errand task;
  /// The run was queued anew before we heard that it had ended.
  std::optional<queued_run> again;
};

/// A run whose RUN died.
struct fallen_run {
  timestamp back_at;
  std::optional<run_placement> place;
  run_errand task;
};

} // namespace orc
