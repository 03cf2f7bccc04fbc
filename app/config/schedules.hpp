#pragma once

#include "app/config/config.hpp"
#include "messages/schedule/schedule.hpp"

#include <caf/expected.hpp>

#include <string>
#include <vector>

namespace orc::app {

/// @returns a schedule of a file, but for what it makes.
template <class Entry>
schedule_definition times_of(const Entry& x) {
  schedule_definition result;
  result.name = x.name;
  if (!x.cron.empty())
    result.cron = x.cron;
  result.every_secs = x.every;
  result.time_zone = x.time_zone;
  result.overlap = x.overlap;
  result.catch_up = x.catch_up;
  result.jitter_secs = x.jitter;
  result.is_paused = x.paused;
  return result;
}

/// @returns the schedules of a configuration, those of its pools apart, or
///          `ec::bad_config` that names the option and what to do.
caf::expected<std::vector<schedule_definition>> schedules_of(const config& x);

/// @param place of the schedule in the file.
/// @returns its problem, in the words of the file.
caf::error in_words_of_file(const std::string& place, const caf::error& x);

} // namespace orc::app
