// What webhooks are told, and what is told about them, as JSON.

#include "messages/hooks.hpp"
#include "messages/json/codec.hpp"

namespace orc {

template std::string to_json(const cloud_event&);
template std::string to_json(const hook_views&);
template std::string to_json(const delivery_page&);
template std::string to_json(const redrive_deliveries&);
template std::string to_json(const redriven_deliveries&);

template caf::expected<cloud_event> from_json(std::string_view);
template caf::expected<hook_views> from_json(std::string_view);
template caf::expected<delivery_page> from_json(std::string_view);
template caf::expected<redrive_deliveries> from_json(std::string_view);
template caf::expected<redriven_deliveries> from_json(std::string_view);

} // namespace orc
