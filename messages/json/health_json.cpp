#include "messages/health.hpp"
#include "messages/json/codec.hpp"

namespace orc {

template std::string to_json(const health&);
template caf::expected<health> from_json(std::string_view);

} // namespace orc
