#pragma once

#include "transport/http/client.hpp"

namespace orc::app {

/// Sends a request and waits for its answer; for threads that are no actors.
http::client::result call(http::client& client, http::outgoing request);

} // namespace orc::app
