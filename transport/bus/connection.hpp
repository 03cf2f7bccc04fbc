#pragma once

#include "messages/bus/link.hpp"
#include "messages/bus/settings.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace orc::bus {

/// What comes from the bus. Called on threads of the client library, which must
/// not wait: whoever is called sends a message and returns.
struct connection_events {
  /// It broke, and does not come back. The last call.
  std::function<void(std::string why)> on_closed;
  /// @param channel as given to `subscribe`.
  std::function<void(std::uint32_t channel, bus_message)> on_message;
  /// A permission is missing, a message was too large and the like.
  std::function<void(std::string what)> on_problem;
};

/// A connection to a NATS server, over Debian's libnats. It lives until it
/// breaks: whoever has it opens another one then, and subscribes anew.
class connection {
public:
  /// Tries all servers once; takes seconds where one does not answer, ten of
  /// them at most.
  /// @param discovered more servers, as `discovered` had them.
  /// @returns the connection, or why there is none: what the settings name
  ///          cannot be read, nobody answers, or we are refused.
  static caf::expected<std::unique_ptr<connection>>
  open(const bus_settings& settings, const std::vector<std::string>& discovered,
       connection_events events);

  /// Breaks it; what is to arrive needs a `flush` before. Nothing is called any
  /// more after that, but what has begun.
  ~connection();

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// @param queue of the members of a queue one gets each message; "" for none.
  [[nodiscard]] caf::error
  subscribe(const std::string& subject, const std::string& queue,
            std::uint32_t channel);

  /// Does not wait. Fails where the server has not taken what was published
  /// before, and it is much.
  [[nodiscard]] caf::error publish(const bus_message& x);

  /// Waits until the server has seen all that was asked for, for so long at
  /// most.
  [[nodiscard]] caf::error flush(std::chrono::milliseconds patience);

  /// @returns address and port of the server.
  std::string server() const;

  /// @returns the other servers that the server has named.
  std::vector<std::string> discovered() const;

  /// @returns the largest message that the server takes, in bytes.
  std::uint64_t max_payload() const;

private:
  struct impl;
  static caf::expected<std::unique_ptr<connection>>
  enter(const bus_settings& settings, const secret& server,
        connection_events events);
  explicit connection(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

} // namespace orc::bus
