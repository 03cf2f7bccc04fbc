#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/message.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace orc {

/// Asks for the item counts of the newest unnamed datasets of the account, or
/// of one dataset.
struct count_items {
  /// One dataset, or the newest if empty.
  std::string dataset_id;

  static constexpr auto fields
    = describe("count_items", "Asks for item counts of datasets.",
               field("datasetId", &count_items::dataset_id, "Only this."));
};

struct item_counts {
  std::map<std::string, std::uint64_t> counts;

  static constexpr auto fields
    = describe("item_counts", "Items by dataset id.",
               field("counts", &item_counts::counts, "By dataset id."));
};

/// Asks for a page of a dataset's items, as bytes in the format asked for.
struct get_items {
  std::string dataset_id;
  std::uint64_t offset = 0;
  std::uint64_t limit = 1000;
  /// `json`, `jsonl` or `csv`.
  std::string format = "jsonl";
  /// More query parameters, already escaped: `clean=1&fields=a,b`.
  std::string query;

  static constexpr auto fields
    = describe("get_items", "Asks for a page of items.",
               field("datasetId", &get_items::dataset_id, "Of a run."),
               field("offset", &get_items::offset, "Raw items to skip."),
               field("limit", &get_items::limit, "Raw items to look at."),
               field("format", &get_items::format, "json, jsonl or csv."),
               field("query", &get_items::query, "More parameters."));
};

struct items_page {
  /// The body as the platform sent it.
  json_text body;
  /// Items in the body, as `X-Apify-Pagination-Count` says; the lines of the
  /// body where it says nothing.
  std::uint64_t count = 0;
  std::uint64_t total = 0;

  static constexpr auto fields
    = describe("items_page", "A page of items.",
               field("body", &items_page::body, "As sent."),
               field("count", &items_page::count, "Items in it."),
               field("total", &items_page::total, "In the dataset."));
};

} // namespace orc

#define ORC_APIFY_ITEMS_MESSAGES(X)                                            \
  X(orc::count_items)                                                          \
  X(orc::item_counts)                                                          \
  X(orc::get_items)                                                            \
  X(orc::items_page)

ORC_APIFY_ITEMS_MESSAGES(ORC_DECLARE_MESSAGE)
