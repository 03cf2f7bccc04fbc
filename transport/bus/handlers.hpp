#pragma once

#include "transport/bus/connection.hpp"

#include <nats/nats.h>

#include <cstdint>
#include <memory>

namespace orc::bus {

/// Where callbacks of the client library find whom to tell: its threads may
/// still be in one while the connection goes away, so they have a number in
/// place of a pointer.
class handlers {
public:
  static std::uint64_t add(connection_events events);
  static void remove(std::uint64_t id);

  /// @returns nobody once it is removed.
  static std::shared_ptr<const connection_events> find(std::uint64_t id);
};

/// @returns a message as we know it; what the server says without a body
///          (`503 No Responders`) is a header `Status`.
bus_message read_message(natsMsg& x);

} // namespace orc::bus
