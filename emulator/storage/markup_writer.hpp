#pragma once

#include "emulator/storage/item_writer.hpp"

namespace orc::emulator {

/// Appends text with `<`, `>`, `&` and `"` escaped, as in XML and HTML.
void append_escaped(std::string& out, std::string_view text);

/// Fields become elements, elements of arrays repeat theirs; `@` of an object
/// becomes attributes and `#` its text.
std::unique_ptr<item_writer> make_xml_writer(const items_query& query);

/// The same elements as a feed.
std::unique_ptr<item_writer>
make_rss_writer(const items_query& query, std::string_view dataset_id);

} // namespace orc::emulator
