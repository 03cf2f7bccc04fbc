#include "emulator/storage/queued_request.hpp"

#include "emulator/api/context.hpp"
#include "emulator/storage/digest.hpp"

namespace orc::emulator {

namespace {

/// @returns the request as JSON without its lock, and with its id first.
std::string stored_json(const json_value& request, const std::string& id,
                        const std::string& unique_key) {
  auto out = json_writer{};
  out.object().member("id", id).member("uniqueKey", unique_key);
  for (const auto& m : request.GetObject()) {
    const auto name
      = std::string_view{m.name.GetString(), m.name.GetStringLength()};
    if (name != "id" && name != "uniqueKey" && name != "lockExpiresAt"
        && name != "lockByClient" && name != "orderNo")
      out.key(name).value(m.value);
  }
  return out.end_object().take();
}

bool has_handled_at(const json_value& request) {
  const auto* at = find_member(request, "handledAt");
  return at != nullptr && !at->IsNull();
}

} // namespace

queued_request read_request(const json_value& request) {
  check_request(request);
  auto result = queued_request{};
  result.url = string_member(request, "url");
  result.unique_key = string_member(request, "uniqueKey", result.url);
  result.id = request_id_of(result.unique_key);
  result.method = string_member(request, "method", "GET");
  result.retry_count
    = static_cast<std::int64_t>(number_member(request, "retryCount"));
  result.handled = has_handled_at(request);
  result.json = stored_json(request, result.id, result.unique_key);
  return result;
}

void check_request(const json_value& request) {
  const auto url = string_member(request, "url");
  if (url.empty() || string_member(request, "uniqueKey", url).empty())
    throw api_error{400, "invalid-input",
                    "A request must be an object with \"url\" and "
                    "\"uniqueKey\", both strings that are not empty."};
}

void write_request(json_writer& out, const queued_request& request) {
  if (!request.is_locked(now())) {
    out.raw(request.json);
    return;
  }
  auto lock = json_writer{};
  lock.object()
    .member("lockExpiresAt", to_iso(request.locked_until))
    .member("lockByClient", request.locked_by)
    .end_object();
  auto json = request.json;
  json.back() = ',';
  json.append(lock.str(), 1);
  out.raw(json);
}

} // namespace orc::emulator
