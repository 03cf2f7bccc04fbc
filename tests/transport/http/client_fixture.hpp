#pragma once

#include "tests/transport/http/raw_socket.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/client.hpp"

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace orc::http::test {

/// A client, and what tests ask it.
struct client_fixture {
  explicit client_fixture(client_options options = {})
    : sender{std::in_place, runtime, std::move(options)} {
    // nop
  }

  static outgoing to(std::uint16_t port, const std::string& target = "/") {
    outgoing result;
    result.url = {.host = "127.0.0.1", .port = port, .target = target};
    result.timeout = patience;
    return result;
  }

  static outgoing post_to(std::uint16_t port, std::string body) {
    auto result = to(port);
    result.method = "POST";
    result.body = std::make_shared<const std::string>(std::move(body));
    return result;
  }

  std::future<client::result> start(outgoing what) {
    auto promise = std::make_shared<std::promise<client::result>>();
    sender->send(std::move(what), [promise](client::result x) {
      promise->set_value(std::move(x));
    });
    return promise->get_future();
  }

  client::result ask(outgoing what) {
    return start(std::move(what)).get();
  }

  io_runtime runtime;
  std::optional<client> sender;
};

/// @returns the answer, or an answer of status 0 that has the error for a body.
inline response answer_of(const client::result& from) {
  if (const auto* error = std::get_if<send_error>(&from))
    return {.status = 0, .headers = {}, .body = error->message};
  return std::get<response>(from);
}

/// @returns the error, or one that says that there was an answer.
inline send_error error_of(const client::result& from) {
  if (const auto* error = std::get_if<send_error>(&from))
    return *error;
  return {failure::stopped, "no error, but an answer"};
}

inline std::string plain_answer(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size())
         + "\r\n\r\n" + body;
}

} // namespace orc::http::test
