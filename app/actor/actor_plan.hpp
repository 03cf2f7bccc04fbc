#pragma once

#include "app/config/config.hpp"
#include "app/plan/plan.hpp"
#include "messages/actor_input.hpp"

#include <caf/expected.hpp>

#include <string>

namespace orc::app {

/// What an INPUT asks for: checked as a whole before anything starts.
struct actor_plan {
  plan work;
  actor_input input;
};

/// Reads an INPUT record.
/// @returns what is wrong with it: `INPUT: runs[3].name: …`.
[[nodiscard]] caf::expected<actor_plan> read_actor_input(std::string_view text);

/// Lets the options of an INPUT win over those of the configuration.
void apply(const actor_input& x, config& options);

} // namespace orc::app
