#pragma once

#include "messages/base/secret.hpp"

#include <caf/expected.hpp>

#include <string>

namespace orc::bus {

/// @returns the public key of an nkey's seed, which the client library wants to
///          be told beside the seed; `ec::bad_config` if it is none. The error
///          does not show the seed.
caf::expected<std::string> public_nkey(const secret& seed);

/// The same of a seed in a file: the first line that begins with `S`.
caf::expected<std::string> public_nkey_of_file(const std::string& path);

} // namespace orc::bus
