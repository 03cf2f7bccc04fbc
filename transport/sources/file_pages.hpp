#pragma once

#include "messages/walk/page_reader.hpp"

#include <memory>

namespace orc {

/// Opens a source of kind ndjson, csv or json.
/// @returns `ec::bad_config` if the file cannot be read.
caf::expected<std::unique_ptr<page_reader>>
open_file_pages(const walk_source& source);

} // namespace orc
