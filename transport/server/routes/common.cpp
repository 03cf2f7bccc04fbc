#include "transport/server/routes/common.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "transport/server/call.hpp"

#include <fmt/format.h>

namespace orc::server {

namespace {

constexpr std::size_t max_key_length = 255;

caf::error key_conflict(std::string_view key) {
  return make_error(ec::name_conflict,
                    fmt::format("Idempotency-Key `{}` was used with another "
                                "body; use a new key for a new request",
                                key));
}

} // namespace

std::string key_of(const call& x) {
  return std::string{x.request().headers.get("Idempotency-Key")};
}

bool check_key(call& x, std::string_view key) {
  if (key.size() > max_key_length)
    x.fail(make_error(ec::bad_field,
                      fmt::format("Idempotency-Key: at most {} characters",
                                  max_key_length)));
  else if (!key.empty() && x.under().keys.conflicts(key, x.request().body))
    x.fail(key_conflict(key));
  else
    return true;
  return false;
}

std::optional<std::string> token_of(call& x, std::string_view kind) {
  auto key = key_of(x);
  if (!check_key(x, key))
    return std::nullopt;
  return key.empty() ? key : fmt::format("{}/{}", kind, key);
}

caf::error gone_since() {
  return make_error(ec::not_found, "what was made under this Idempotency-Key "
                                   "has been removed since");
}

void remember_key(call& x) {
  if (auto key = key_of(x); !key.empty())
    x.under().keys.remember(key, x.request().body);
}

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
