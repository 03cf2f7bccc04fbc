#include "emulator/storage/item_writer.hpp"

#include "emulator/storage/markup_writer.hpp"
#include "emulator/storage/table_writer.hpp"

#include <array>

namespace orc::emulator {

namespace {

struct format_facts {
  std::string_view content_type;
  std::string_view extension;
};

/// In the order of `items_format`.
constexpr auto facts = std::array<format_facts, 7>{{
  {"application/json; charset=utf-8", "json"},
  {"application/jsonl; charset=utf-8", "jsonl"},
  {"text/csv; charset=utf-8", "csv"},
  {"text/html; charset=utf-8", "html"},
  {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
  {"application/xml; charset=utf-8", "xml"},
  {"application/rss+xml; charset=utf-8", "rss"},
}};

} // namespace

std::unique_ptr<item_writer>
make_item_writer(const items_query& query, std::string_view dataset_id) {
  switch (query.format) {
    case items_format::csv:
      return make_csv_writer(query);
    case items_format::html:
      return make_html_writer(query);
    case items_format::xml:
      return make_xml_writer(query);
    case items_format::rss:
      return make_rss_writer(query, dataset_id);
    case items_format::xlsx:
      return make_xlsx_writer(query);
    case items_format::json:
    case items_format::jsonl:
      break;
  }
  return nullptr;
}

std::string_view content_type_of(items_format format) {
  return facts[static_cast<std::size_t>(format)].content_type;
}

std::string_view extension_of(items_format format) {
  return facts[static_cast<std::size_t>(format)].extension;
}

} // namespace orc::emulator
