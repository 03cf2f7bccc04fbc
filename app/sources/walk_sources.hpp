#pragma once

#include "messages/walk/page_source.hpp"

namespace orc::app {

/// Starts WALK SOURCES. Files and databases each get a thread of their own for
/// as long as they are open.
walk_sources_actor::behavior_type
walk_sources(walk_sources_actor::pointer self);

} // namespace orc::app
