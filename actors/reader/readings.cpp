#include "actors/reader/readings.hpp"

#include "actors/reader/reader.hpp"

#include <utility>

namespace orc {

readings_actor::behavior_type
readings(readings_actor::pointer self, run_source_parts parts) {
  // A source that ends takes its owner along, and the other way round.
  auto source
    = page_source_actor{self->spawn<caf::linked>(run_source, std::move(parts))};
  return {[=](const read_request& x) {
    return reader_actor{self->spawn(reader, x, source)};
  }};
}

} // namespace orc
