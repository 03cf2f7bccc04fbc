#pragma once

#include "messages/walk/page_reader.hpp"

#include <memory>

namespace orc {

/// Opens a source of kind postgres; connects when the first page is asked for,
/// and again whenever the connection is lost. Only reads.
/// @returns `ec::bad_field` or `ec::bad_config` if URL or query make no sense.
caf::expected<std::unique_ptr<page_reader>>
open_postgres_pages(const walk_source& source);

/// @returns `ec::bad_field` if no database can be meant.
[[nodiscard]] caf::error check_postgres_url(const secret& url);

} // namespace orc
