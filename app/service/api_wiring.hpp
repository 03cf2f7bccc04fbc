#pragma once

#include "app/config/config.hpp"
#include "app/service/service.hpp"
#include "transport/server/api_server.hpp"

#include <caf/expected.hpp>

namespace orc::app {

/// @returns where the HTTP API of a service listens and whom it lets in, or
///          `ec::bad_config`.
[[nodiscard]] caf::expected<api_server_options> server_options(const config& x);

/// @returns whom the HTTP API speaks for; pools are made apart.
[[nodiscard]] caf::expected<api_parts>
api_parts_of(service& host, const config& options);

} // namespace orc::app
