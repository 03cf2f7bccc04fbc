#pragma once

#include "messages/run_store.hpp"

#include <caf/expected.hpp>

#include <string>

namespace orc {

/// @returns where a page of `list_runs` that ends with `last` goes on.
std::string cursor_after(run_key last);

/// @returns the key below which the page starts, or `ec::bad_field`.
caf::expected<run_key> parse_cursor(const std::string& cursor);

/// @returns how many runs a page may hold, whatever was asked for.
std::uint32_t page_limit(std::uint32_t asked);

/// @returns what admission needs of a record.
queued_run make_queued_run(const run_record& record);

} // namespace orc
