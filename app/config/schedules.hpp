#pragma once

#include "app/config/config.hpp"
#include "messages/schedule/schedule.hpp"

#include <caf/expected.hpp>

#include <string>
#include <vector>

namespace orc::app {

/// @returns the schedules of a configuration, those of its pools apart, or
///          `ec::bad_config` that names the option and what to do.
caf::expected<std::vector<schedule_definition>> schedules_of(const config& x);

/// @param place of the schedule in the file.
/// @returns its problem, in the words of the file.
caf::error in_words_of_file(const std::string& place, const caf::error& x);

} // namespace orc::app
