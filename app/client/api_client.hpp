#pragma once

#include "messages/base/secret.hpp"
#include "messages/http_api.hpp"
#include "messages/orchestrator.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/client.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace orc::app {

/// Talks to a service that `serve` started, here or elsewhere.
class api_client {
public:
  /// @param url such as `http://127.0.0.1:8484`.
  api_client(std::string url, secret token);

  /// @param target path and query: `/api/v1/report`.
  /// @param patience how long the service may take on purpose.
  /// @returns the body of the answer, or the error it tells about.
  [[nodiscard]] caf::expected<std::string>
  get(const std::string& target, std::chrono::seconds patience = {});

  /// Reads an answer line by line as it comes, however long that takes.
  /// @param f called on the thread of sockets.
  [[nodiscard]] caf::error
  stream(const std::string& target,
         std::function<void(const std::string& line)> f);

  [[nodiscard]] caf::expected<std::string>
  post(const std::string& target, std::string body);

  [[nodiscard]] caf::expected<std::string>
  put(const std::string& target, std::string body);

  [[nodiscard]] caf::expected<std::string> remove(const std::string& target);

  /// Fails what is asked and not answered yet. May be called from any thread.
  void stop();

  /// @returns the path of a run, its name escaped.
  static std::string path_of(const run_ref& ref, const std::string& rest = "");

  /// @returns the path of what is named like that in a collection, such as
  ///          `run-batches`.
  static std::string path_of(std::string_view collection, const run_ref& ref,
                             const std::string& rest);

private:
  caf::expected<std::string>
  send_body(const char* method, const std::string& target, std::string body);

  caf::expected<std::string>
  send(http::outgoing request, const std::string& target);

  caf::expected<http::response>
  exchange(http::outgoing request, const std::string& target);

  std::string url_;
  secret token_;
  io_runtime runtime_;
  http::client client_;
};

/// @returns whether a call that failed so may succeed later: the service is
///          down, starts again, is busy, or cannot write now.
[[nodiscard]] bool may_pass(const caf::error& x);

} // namespace orc::app
