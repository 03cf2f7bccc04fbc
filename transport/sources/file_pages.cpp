#include "transport/sources/file_pages.hpp"

#include "transport/sources/array_pages.hpp"
#include "transport/sources/csv_pages.hpp"
#include "transport/sources/line_pages.hpp"

#include <utility>

namespace orc {

namespace {

std::unique_ptr<page_reader>
make_pages(const walk_source& source, std::unique_ptr<byte_source> file) {
  switch (source.kind) {
    case source_kind::csv:
      return std::make_unique<csv_pages>(
        source.path, std::move(file), source.delimiter.value_or(",").front());
    case source_kind::json:
      return std::make_unique<array_pages>(source.path, std::move(file),
                                           source.pointer.value_or(""));
    default:
      return std::make_unique<line_pages>(source.path, std::move(file));
  }
}

} // namespace

caf::expected<std::unique_ptr<page_reader>>
open_file_pages(const walk_source& source) {
  auto file = open_file(source.path);
  if (!file)
    return std::move(file.error());
  return make_pages(source, std::move(*file));
}

} // namespace orc
