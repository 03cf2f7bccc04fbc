#pragma once

#include "messages/batch.hpp"
#include "messages/run_request.hpp"
#include "messages/run_store.hpp"

namespace orc {

/// @returns whether a run ended and did not do what it was asked to.
bool has_failed(const run& x);

/// @returns the request that submits a run again as it was.
run_request make_request(const loaded_run& x);

/// @returns why more runs failed than a batch tolerates; "" if they did not.
std::string
find_excess(const batch_rules& rules, std::uint64_t failed, std::uint64_t runs);

} // namespace orc
