#pragma once

#include "emulator/platform/accounts.hpp"
#include "emulator/platform/run.hpp"

#include <memory>
#include <string>

namespace orc::emulator {

/// Writes a run as the journal keeps it.
std::string to_record(const run& x);

/// Reads what `to_record` wrote.
/// @returns null if its account or its Apify actor is gone
std::unique_ptr<run>
read_record(const json_value& record, const account_book& accounts,
            actor_catalog& actors);

} // namespace orc::emulator
