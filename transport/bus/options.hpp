#pragma once

#include "messages/bus/settings.hpp"

#include <caf/expected.hpp>
#include <nats/nats.h>

#include <memory>
#include <string>
#include <string_view>

namespace orc::bus {

struct options_destroyer {
  void operator()(natsOptions* x) const {
    natsOptions_Destroy(x);
  }
};

using options_ptr = std::unique_ptr<natsOptions, options_destroyer>;

/// @param id of the handlers that callbacks look for.
/// @returns what the client library needs to connect, or `ec::bad_config` that
///          names what cannot be used.
caf::expected<options_ptr>
make_options(const bus_settings& settings, std::uint64_t id);

/// @returns a URL without user, password or token.
std::string without_secrets(std::string_view url);

} // namespace orc::bus
