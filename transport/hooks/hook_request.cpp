#include "transport/hooks/hook_request.hpp"

#include "messages/base/error.hpp"
#include "transport/hooks/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace orc::webhook {

namespace {

/// Nobody reads an answer's body; what is larger is a mistake of theirs.
constexpr std::size_t most_answer_bytes = 64 << 10;

/// Longer pauses are not asked for in earnest.
constexpr unsigned longest_pause = 3'600;

/// @returns the header in its form of seconds, which is the one in use for
/// this.
std::chrono::seconds retry_after(std::string_view text) {
  unsigned seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds{std::min(seconds, longest_pause)};
}

/// @returns a message of the client without the URL that it begins with: its
///          path may be what makes it secret.
std::string without_url(const std::string& message) {
  auto end = message.find(": ");
  if (!message.starts_with("POST ") || end == std::string::npos)
    return message;
  return message.substr(end + 2);
}

} // namespace

caf::expected<http::outgoing> make_request(const send_hook& x, timestamp at) {
  auto url = http::parse_url(x.url.reveal());
  if (!url)
    return make_error(ec::bad_config, "its url is no http or https URL");
  http::outgoing result;
  result.method = "POST";
  result.url = std::move(*url);
  result.timeout = x.timeout;
  result.max_body_bytes = most_answer_bytes;
  result.body = x.event.shared();
  auto& headers = result.headers;
  headers.set("Content-Type", "application/cloudevents+json; charset=utf-8");
  headers.set("User-Agent", "ApifyOrchestrator/" ORC_VERSION);
  headers.set("webhook-id", x.event_id);
  headers.set("webhook-timestamp", signed_time(at));
  if (x.signing_key.empty())
    return result;
  auto key = signer::make(x.signing_key);
  if (!key)
    return make_error(ec::bad_config, "its secret is no `whsec_` key");
  headers.set("webhook-signature", key->sign(x.event_id, at, x.event.view()));
  return result;
}

hook_answer read_answer(const http::client::result& x) {
  if (const auto* failed = std::get_if<http::send_error>(&x))
    return {0, without_url(failed->message), {}};
  const auto& response = std::get<http::response>(x);
  hook_answer result;
  result.status = response.status;
  result.retry_after = retry_after(response.headers.get("Retry-After"));
  if (response.status < 200 || response.status > 299)
    result.problem = fmt::format("it answered {} {}", response.status,
                                 http::reason_phrase(response.status));
  return result;
}

} // namespace orc::webhook
