#include "actors/splitter/text_source.hpp"

namespace orc {

item_source_actor::behavior_type
text_source(item_source_actor::pointer, json_text list) {
  return {[list](const read_source&) {
    return source_piece{list, list.view().size(), true};
  }};
}

} // namespace orc
