#pragma once

#include "emulator/storage/item_writer.hpp"

namespace orc::emulator {

/// One line an item, one column a leaf: `a/b` for nested fields, `a/0` for
/// elements of arrays. Columns stand in the order of their first appearance,
/// or of `fields`; there are at most 2000.
std::unique_ptr<item_writer> make_csv_writer(const items_query& query);

/// The same columns as a table of HTML.
std::unique_ptr<item_writer> make_html_writer(const items_query& query);

} // namespace orc::emulator
