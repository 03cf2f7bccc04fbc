// Where the items of a batch come from, as JSON.

#include "messages/json/codec.hpp"
#include "messages/walk/source.hpp"

namespace orc {

template std::string to_json(const walk_source&);
template caf::expected<walk_source> from_json(std::string_view);

} // namespace orc
