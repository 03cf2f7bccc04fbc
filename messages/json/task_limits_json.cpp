#include "messages/json/codec.hpp"
#include "messages/task/limits.hpp"

namespace orc {

template std::string to_json(const task_limits&);
template std::string to_json(const limit_standing&);
template std::string to_json(const limit_standings&);
template std::string to_json(const task_standing&);
template caf::expected<task_limits> from_json(std::string_view);
template caf::expected<limit_standing> from_json(std::string_view);
template caf::expected<limit_standings> from_json(std::string_view);
template caf::expected<task_standing> from_json(std::string_view);

} // namespace orc
