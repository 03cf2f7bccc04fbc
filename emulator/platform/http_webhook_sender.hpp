#pragma once

#include "emulator/platform/webhook_sender.hpp"
#include "transport/http/client.hpp"

#include <functional>
#include <string>

namespace orc {
class io_runtime;
} // namespace orc

namespace orc::emulator {

/// Sends the requests of webhooks over HTTP.
class http_webhook_sender : public webhook_sender {
public:
  explicit http_webhook_sender(io_runtime& runtime);

  /// Names the platform's own API, which gets tokens.
  void set_own_url(std::string url) {
    own_url_ = std::move(url);
  }

  void send(webhook_request request,
            std::function<void(webhook_call)> done) override;

  void stop();

private:
  http::client client_;
  std::string own_url_;
};

} // namespace orc::emulator
