#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orc::emulator {

class context;

enum class items_format : std::uint8_t {
  json,
  jsonl,
  csv,
  html,
  xlsx,
  xml,
  rss
};

/// What a page of items is asked for: the query of `GET …/items`.
struct items_query {
  /// What the platform says in `X-Apify-Pagination-Limit` where none is given.
  static constexpr std::int64_t no_limit = 999'999'999'999;

  items_format format = items_format::json;

  // -- which items -----------------------------------------------------------

  std::int64_t offset = 0;
  std::int64_t limit = no_limit;
  bool desc = false;
  bool skip_empty = false;
  bool skip_hidden = false;
  bool skip_failed_pages = false;

  // -- which fields ----------------------------------------------------------

  std::vector<std::string> fields;
  /// New names of `fields`, in order; none or as many.
  std::vector<std::string> output_fields;
  std::vector<std::string> omit;
  std::vector<std::string> unwind;
  std::vector<std::string> flatten;

  // -- how they are written --------------------------------------------------

  bool attachment = false;
  /// By default only CSV starts with a byte order mark.
  std::optional<bool> bom;
  std::string delimiter = ",";
  bool skip_header_row = false;
  std::string xml_root = "items";
  std::string xml_row = "item";
  std::string feed_title;
  std::string feed_description;

  /// The raw items `first` to `last` that make up the page, in the order of
  /// their push, out of `total`.
  std::pair<std::size_t, std::size_t> range(std::size_t total) const noexcept;

  /// Whether each item is written as it was pushed.
  bool keeps_items() const noexcept;
};

/// Reads the query of a request.
/// @throws api_error for what the platform refuses
items_query read_items_query(const context& ctx);

} // namespace orc::emulator
