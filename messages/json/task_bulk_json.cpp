#include "messages/json/codec.hpp"
#include "messages/task/bulk.hpp"

namespace orc {

template std::string to_json(const redriven_tasks&);
template caf::expected<redriven_tasks> from_json(std::string_view);
template std::string to_json(const redrive_tasks&);
template caf::expected<redrive_tasks> from_json(std::string_view);

} // namespace orc
