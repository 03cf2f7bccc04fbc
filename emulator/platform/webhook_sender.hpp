#pragma once

#include "emulator/platform/webhook.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace orc::emulator {

/// A POST to send.
struct webhook_request {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// To be sent along to the platform's own API, and nowhere else.
  std::string token;
};

/// Sends the requests of webhooks.
class webhook_sender {
public:
  virtual ~webhook_sender() = default;

  /// Calls `done` once, later, on the emulator's thread.
  virtual void
  send(webhook_request request, std::function<void(webhook_call)> done)
    = 0;
};

} // namespace orc::emulator
