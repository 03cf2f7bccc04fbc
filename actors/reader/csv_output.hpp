#pragma once

#include "actors/reader/item_output.hpp"

namespace orc {

/// Makes one table of many: of all columns, where the last page may be waited
/// for; else of the columns of the first page, and others are an error.
std::unique_ptr<item_output> make_csv_output(bool streamed, char delimiter);

} // namespace orc
