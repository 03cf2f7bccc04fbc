#pragma once

#include "embedding/client/backend.hpp"

namespace orc {

/// An orchestrator in an actor system of its own, in this process.
[[nodiscard]] caf::expected<std::unique_ptr<client::backend>>
embedded_backend(const client_options& options);

/// A service elsewhere, over HTTP.
[[nodiscard]] caf::expected<std::unique_ptr<client::backend>>
http_backend(const service_address& where);

} // namespace orc
