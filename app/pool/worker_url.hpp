#pragma once

#include "app/config/listen_address.hpp"

#include <string>

namespace orc::app {

/// @returns where workers of this machine find a server.
inline std::string worker_url(listen_address x) {
  if (x.host == "0.0.0.0")
    x.host = "127.0.0.1";
  else if (x.host == "::")
    x.host = "::1";
  return x.url();
}

} // namespace orc::app
