#include "emulator/platform/http_webhook_sender.hpp"

#include "transport/asio/runtime.hpp"

#include <chrono>
#include <memory>
#include <utility>
#include <variant>

namespace orc::emulator {

namespace {

constexpr auto timeout = std::chrono::minutes{2};
/// How much of an answer is remembered.
constexpr auto max_answer_chars = std::size_t{2000};

webhook_call make_call(moment started, const http::client::result& result) {
  auto call = webhook_call{started, now(), 0, {}, {}};
  if (const auto* response = std::get_if<http::response>(&result)) {
    call.status = response->status;
    call.body = response->body.substr(0, max_answer_chars);
    if (call.status < 200 || call.status >= 300)
      call.error = "The answer was " + std::to_string(call.status);
  } else {
    call.error = std::get<http::send_error>(result).message;
  }
  return call;
}

} // namespace

http_webhook_sender::http_webhook_sender(io_runtime& runtime)
  : client_(runtime, {}) {
  // nop
}

void http_webhook_sender::send(webhook_request request,
                               std::function<void(webhook_call)> done) {
  const auto started = now();
  auto url = http::parse_url(request.url);
  if (!url) {
    auto call = webhook_call{started, started, 0, {}, {}};
    call.error = "\"" + request.url + "\" is no http or https URL";
    return done(std::move(call));
  }
  auto message = http::outgoing{};
  message.method = "POST";
  message.url = std::move(*url);
  message.timeout = timeout;
  for (auto& [name, value] : request.headers)
    message.headers.set(name, std::move(value));
  if (!own_url_.empty() && request.url.starts_with(own_url_ + "/v2/"))
    message.headers.set("Authorization", "Bearer " + request.token);
  message.body = std::make_shared<std::string>(std::move(request.body));
  client_.send(std::move(message),
               [started, done = std::move(done)](http::client::result result) {
                 done(make_call(started, result));
               });
}

void http_webhook_sender::stop() {
  client_.stop();
}

} // namespace orc::emulator
