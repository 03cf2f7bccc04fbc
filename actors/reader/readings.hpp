#pragma once

#include "actors/reader/run_source.hpp"

namespace orc {

/// Starts READINGS, whose READERs share one PAGE SOURCE.
readings_actor::behavior_type
readings(readings_actor::pointer self, run_source_parts parts);

} // namespace orc
