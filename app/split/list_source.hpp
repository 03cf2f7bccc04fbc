#pragma once

#include "messages/apify_api.hpp"
#include "messages/splits.hpp"

#include <caf/expected.hpp>

#include <string>

namespace caf {
class actor_system;
} // namespace caf

namespace orc::app {

/// Opens the list of a split: a file, a dataset, or items that are at hand.
/// @param file where the items are, `-` for standard input; "" if they are in
///             `list`.
/// @param api reads datasets; nobody if there is no account.
/// @returns `ec::bad_config` if it cannot be read.
[[nodiscard]] caf::expected<item_source_actor>
open_list_source(caf::actor_system& system, const std::string& file,
                 const submit_split& list, const apify_api_actor& api);

} // namespace orc::app
