#pragma once

#include "messages/run_request.hpp"

#include <string>
#include <vector>

namespace orc {

/// How a list of items is written.
enum class item_format : std::uint8_t {
  /// Each line that is not blank is an item: a string.
  lines,
  /// Each line that is not blank is an item: any JSON.
  ndjson,
  /// One array; its elements are the items.
  json,
  /// A line of names, then a line an item: an object of strings.
  csv,
};

template <>
struct enum_names<item_format> {
  static constexpr std::array<std::string_view, 4> values{"lines", "ndjson",
                                                          "json", "csv"};
};

/// What to do with an item that fits in no part.
enum class oversize_policy : std::uint8_t {
  /// Refuse the whole list: nothing is started.
  error,
  /// Leave it out and report it.
  skip,
};

template <>
struct enum_names<oversize_policy> {
  static constexpr std::array<std::string_view, 2> values{"error", "skip"};
};

/// How large parts may be. All that is given holds at once; the platform's
/// limit of 9,437,184 bytes always does.
struct split_rules {
  std::optional<std::uint64_t> max_bytes;
  std::optional<std::uint64_t> max_items;
  std::optional<std::uint64_t> parts;
  oversize_policy on_oversize = oversize_policy::error;

  static constexpr auto fields = describe(
    "split_rules", "How large parts may be.",
    field("maxBytes", &split_rules::max_bytes, presence::optional, "B",
          "Largest input of a part, fixed input and template included."),
    field("maxItems", &split_rules::max_items, presence::optional,
          "Most items of a part, at least 1."),
    field("parts", &split_rules::parts, presence::optional,
          "Cut into so many parts that differ by one item at most; more where "
          "the other rules ask for it. 1 to 1,000,000."),
    field("onOversize", &split_rules::on_oversize, presence::optional,
          "What to do with an item that fits in no part: error or skip."));
};

/// One part of a list: a run.
struct split_part {
  /// Of the run: `prefix-1/3`, or `prefix` if it is the only one.
  std::string name;
  /// Number of its first item in the list, from 0.
  std::uint64_t first_item = 0;
  /// How many it has; skipped ones are not counted.
  std::uint64_t items = 0;
  /// Of its input.
  std::uint64_t bytes = 0;

  friend bool operator==(const split_part&, const split_part&) = default;

  static constexpr auto fields
    = describe("split_part", "A part of a list, which is a run.",
               field("name", &split_part::name, "Of the run."),
               field("firstItem", &split_part::first_item,
                     "Number of its first item, from 0."),
               field("items", &split_part::items, "How many it has."),
               field("bytes", &split_part::bytes, presence::required, "B",
                     "Of its input."));
};

/// An item that fits in no part.
struct oversize_item {
  std::uint64_t index = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const oversize_item&, const oversize_item&) = default;

  static constexpr auto fields
    = describe("oversize_item", "An item that fits in no part.",
               field("index", &oversize_item::index, "Its number, from 0."),
               field("bytes", &oversize_item::bytes, presence::required, "B",
                     "Of an input that holds nothing else."));
};

/// How a list was cut.
struct split_result {
  std::vector<split_part> parts;
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
  std::uint64_t skipped = 0;
  /// The first 100 of them.
  std::vector<oversize_item> skipped_items;

  static constexpr auto fields = describe(
    "split_result", "How a list was cut.",
    field("parts", &split_result::parts, "In order."),
    field("items", &split_result::items, "Of all parts."),
    field("bytes", &split_result::bytes, presence::required, "B",
          "Of the inputs of all parts."),
    field("skipped", &split_result::skipped, "Items that fit in no part."),
    field("skippedItems", &split_result::skipped_items, presence::optional,
          "The first 100 of them."));
};

} // namespace orc
