#pragma once

#include "transport/http/client.hpp"

#include <string>

namespace orc::http {

/// @returns the request line and the header fields, up to the empty line; ""
///          if the method or the target cannot stand in a request line.
std::string render_request_head(const outgoing& from);

/// @returns `GET http://host:port/path`, to name a request in messages: without
///          the query, which may carry secrets.
std::string describe(const outgoing& request);

} // namespace orc::http
