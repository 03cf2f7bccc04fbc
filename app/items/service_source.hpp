#pragma once

#include "app/client/api_client.hpp"
#include "messages/reader.hpp"

#include <memory>

namespace caf {
class actor_system;
} // namespace caf

namespace orc::app {

/// Starts a PAGE SOURCE over the runs and datasets of a service elsewhere.
page_source_actor open_service_source(caf::actor_system& system,
                                      std::shared_ptr<api_client> service);

} // namespace orc::app
