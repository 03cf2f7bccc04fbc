#pragma once

#include "messages/run_store.hpp"

#include <string>

namespace orc {

/// @returns how all runs stand, for people: `7 of 12 runs are done, 1 of them
///          did not succeed; 3 running, 2 waiting`.
std::string status_text(const run_totals& x);

} // namespace orc
