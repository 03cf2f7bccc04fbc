#pragma once

#include "transport/http/server.hpp"

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace orc::server {

/// So many bytes of a stream have left, or its client is gone.
struct events_written {
  std::size_t bytes = 0;
  bool ok = true;
};

} // namespace orc::server

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::events_written)

namespace orc::server {

/// Where an actor writes what it hears of. A client that does not keep up is
/// cut off rather than let memory grow; one that leaves ends the actor.
class bounded_output {
public:
  bounded_output() = default;

  /// Starts the answer.
  /// @param owner hears `events_written`.
  /// @param most bytes that may wait for the client.
  /// @param cut_event what the log calls it when the client is cut off.
  bounded_output(http::exchange_ptr to, caf::actor_addr owner,
                 http::response head, std::size_t most,
                 std::string_view cut_event);

  /// @returns whether the client still keeps up.
  bool write(std::string text);

  /// @returns whether the client is still there.
  bool settle(const events_written& x) noexcept;

  /// @returns how many bytes wait for the client.
  std::size_t unwritten() const noexcept {
    return unwritten_;
  }

  void finish();

  /// Closes the connection, so that nobody takes a part for the whole.
  void drop();

private:
  http::exchange_ptr to_;
  caf::actor_addr owner_;
  std::size_t most_ = 0;
  std::string_view cut_event_;
  std::size_t unwritten_ = 0;
};

} // namespace orc::server
