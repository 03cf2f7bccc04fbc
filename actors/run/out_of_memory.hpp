#pragma once

#include "messages/apify_api.hpp"

namespace orc {

/// @returns whether a platform run ended since it ran out of memory. The
/// platform then kills its main process, which leaves exit code 137; Apify
/// actors that notice it themselves say so in their status message.
bool ran_out_of_memory(const remote_run& x);

} // namespace orc
