#pragma once

#include "messages/walk/page_reader.hpp"

#include <memory>

namespace orc {

/// Opens a source of kind sqlite. The database is only read, and locked for no
/// longer than a page takes.
/// @returns `ec::bad_config` if it cannot be opened or the query makes no
/// sense.
caf::expected<std::unique_ptr<page_reader>>
open_sqlite_pages(const walk_source& source);

} // namespace orc
