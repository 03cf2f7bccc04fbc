#pragma once

#include "messages/splitter.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace orc {

/// Starts an item source that has its list at hand.
item_source_actor::behavior_type
text_source(item_source_actor::pointer self, json_text list);

} // namespace orc
