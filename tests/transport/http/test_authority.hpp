#pragma once

#include "tests/transport/http/raw_socket.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace orc::http::test {

/// A certificate that signs itself, made for one test.
class test_authority {
public:
  /// @param subject a subject alternative name: `DNS:localhost`,
  /// `IP:127.0.0.1`.
  explicit test_authority(const std::string& subject);
  ~test_authority();

  test_authority(const test_authority&) = delete;
  test_authority& operator=(const test_authority&) = delete;

  /// @returns the PEM file that clients trust.
  const std::string& file() const noexcept {
    return file_;
  }

  /// Does the server's side of TLS: calls `answer` with each request head that
  /// arrives, until the client goes away.
  /// @returns whether the handshake succeeded.
  bool serve(int fd, const std::function<std::string(std::string)>& answer);

private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::string file_;
};

} // namespace orc::http::test
