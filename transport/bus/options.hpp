#pragma once

#include "messages/bus/settings.hpp"

#include <caf/expected.hpp>
#include <nats/nats.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orc::bus {

struct options_destroyer {
  void operator()(natsOptions* x) const {
    natsOptions_Destroy(x);
  }
};

using options_ptr = std::unique_ptr<natsOptions, options_destroyer>;

/// @param discovered servers besides those that the settings name.
/// @returns the URLs of all, in no order, so that services spread over them.
std::vector<secret> servers_of(const bus_settings& settings,
                               const std::vector<std::string>& discovered);

/// @param server its URL.
/// @param id of the handlers that callbacks look for.
/// @returns what the client library needs to connect, or `ec::bad_config` that
///          names what cannot be used.
caf::expected<options_ptr> make_options(const bus_settings& settings,
                                        const secret& server, std::uint64_t id);

/// @returns the address of a server that another one has named, to be entered
///          as `known`, a URL of the settings, is.
std::string
url_of_discovered(std::string_view known, std::string_view discovered);

/// @returns a URL without user, password or token.
std::string without_secrets(std::string_view url);

} // namespace orc::bus
