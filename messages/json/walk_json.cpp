// Batches that walk data sets, as JSON.

#include "messages/json/codec.hpp"
#include "messages/walk/walk_spec.hpp"
#include "messages/walk/walks.hpp"

namespace orc {

template std::string to_json(const walk_counts&);
template std::string to_json(const walk_limits&);
template std::string to_json(const walk_page_views&);
template std::string to_json(const walk_view&);
template std::string to_json(const walk_views&);

template caf::expected<walk_counts> from_json(std::string_view);
template caf::expected<walk_limits> from_json(std::string_view);
template caf::expected<walk_page_views> from_json(std::string_view);
template caf::expected<walk_parallelism> from_json(std::string_view);
template caf::expected<walk_ramp> from_json(std::string_view);
template caf::expected<walk_spec> from_json(std::string_view);
template caf::expected<walk_view> from_json(std::string_view);
template caf::expected<walk_views> from_json(std::string_view);

} // namespace orc
