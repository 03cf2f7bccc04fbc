#include "messages/json/codec.hpp"
#include "messages/pool/pools.hpp"
#include "messages/pool/work_queue.hpp"

namespace orc {

template std::string to_json(const channel_loads&);
template std::string to_json(const lost_tasks&);
template std::string to_json(const pool_views&);
template caf::expected<channel_loads> from_json(std::string_view);
template caf::expected<lost_tasks> from_json(std::string_view);
template caf::expected<pool_views> from_json(std::string_view);

} // namespace orc
