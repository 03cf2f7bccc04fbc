#pragma once

#include "messages/base/error.hpp"
#include "messages/base/secret.hpp"
#include "messages/npm_runs.hpp"

#include <caf/expected.hpp>

#include <string_view>

namespace orc {

/// Reads the record in which the npm library apify-orchestrator keeps its runs.
///
/// With a key, it is a JSON string: base64 of `{"data","iv"}`, AES-256-CBC
/// under the first 32 hexadecimal digits of the key's SHA-256. There is no
/// check sum: a wrong key shows in that the result is no such document.
/// @param key the library's `persistenceEncryptionKey`, empty if it had none.
/// @returns the runs, `ec::wrong_key`, or `ec::store_corrupt`.
caf::expected<npm_runs>
read_npm_record(std::string_view body, const secret& key);

} // namespace orc
