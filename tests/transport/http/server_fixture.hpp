#pragma once

#include "tests/transport/http/raw_socket.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/server.hpp"

#include <optional>
#include <string>
#include <utility>

namespace orc::http::test {

/// A server on a free port of this machine.
struct server_fixture {
  void serve(server::handler handle, server_options options = {}) {
    running.emplace(runtime, std::move(options), std::move(handle));
    if (auto ec = running->listen())
      throw std::system_error{ec};
  }

  raw_socket connect() const {
    return raw_socket::to(running->port());
  }

  io_runtime runtime;
  std::optional<server> running;
};

inline response text_response(std::string body, int status = 200) {
  response result;
  result.status = status;
  result.headers.add("Content-Type", "text/plain");
  result.body = std::move(body);
  return result;
}

/// Answers with method, target and body.
inline void echo(const exchange_ptr& x) {
  const auto& what = x->request();
  x->reply(text_response(what.method + " " + what.target + " " + what.body));
}

inline std::string
get(const std::string& target, const std::string& headers = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n";
}

inline std::string
post(const std::string& body, const std::string& headers = {}) {
  return "POST /p HTTP/1.1\r\nHost: test\r\n" + headers
         + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace orc::http::test
