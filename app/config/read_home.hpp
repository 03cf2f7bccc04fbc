#pragma once

#include "app/config/environment.hpp"
#include "app/config/home.hpp"

#include <optional>
#include <string>

namespace orc::app {

/// @returns nothing unless we are an Apify actor.
std::optional<home> read_home(const environment& env);

/// @returns what the Children Run Killer looks for in the input of a run:
///          `{"__watched":{"parentRunId":…,"apifyUserId":…}}`.
std::string watched_input(const home& x);

} // namespace orc::app
