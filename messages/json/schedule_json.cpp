#include "messages/json/codec.hpp"
#include "messages/schedule/schedules.hpp"

namespace orc {

template std::string to_json(const schedule_definition&);
template std::string to_json(const schedule_record&);
template std::string to_json(const schedule_view&);
template std::string to_json(const schedule_views&);
template std::string to_json(const schedule_times&);
template caf::expected<schedule_definition> from_json(std::string_view);
template caf::expected<schedule_record> from_json(std::string_view);
template caf::expected<schedule_view> from_json(std::string_view);
template caf::expected<schedule_views> from_json(std::string_view);
template caf::expected<schedule_times> from_json(std::string_view);

} // namespace orc
