#include "transport/server/routes/common.hpp"

#include "messages/json/json.hpp"
#include "transport/server/call.hpp"

namespace orc::server {

caf::expected<std::chrono::seconds> read_wait(const call& x) {
  auto secs = x.number("waitSecs", 0, 0, max_wait_secs);
  if (!secs)
    return std::move(secs.error());
  return std::chrono::seconds{static_cast<std::int64_t>(*secs)};
}

caf::expected<std::uint32_t> read_limit(const call& x) {
  auto limit = x.number("limit", 100, 1, 1000);
  if (!limit)
    return std::move(limit.error());
  return static_cast<std::uint32_t>(*limit);
}

caf::expected<abort_options> read_abort_options(const call& x) {
  const auto& body = x.request().body;
  return body.empty() ? abort_options{} : from_json<abort_options>(body);
}

} // namespace orc::server
