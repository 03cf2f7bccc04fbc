#pragma once

#include "messages/walk/page_processor.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orc {

// How pages are told to programs and endpoints, and how they answer.

/// @returns `{"batch","page","cursor","attempt","args"}`, and `items` where
/// only
///          some of a page's are to be done again: their places in it.
std::string render_page_head(const process_page& x);

/// @returns the same with the items themselves in `items`, and `places` where
///          only some are to be done again.
std::string render_page(const process_page& x);

/// @returns how a batch stands, with `args` in it.
std::string render_progress(const tell_progress& x);

/// What one line of a program, or the answer of an endpoint, says.
struct page_words {
  std::optional<std::string> next_cursor;
  std::uint64_t next_size = 0;
  std::vector<item_failure> items;
  std::uint64_t count = 0;
  std::optional<std::string> error;
  std::optional<std::string> type;
  /// It says that it makes no sense to try again.
  bool hopeless = false;
};

/// Reads a JSON object; anything else says nothing.
///
///     {"nextCursor": "…", "pageSize": 100}   a cursor of any type; null: none
///     {"item": 3, "error": "…"}              the fourth item failed
///     {"itemErrors": [{"item", "error"}]}    the same of many
///     {"items": 100}                         it fetched so many itself
///     {"error": "…" | {"type", "message"}, "retryable": false}
page_words read_page_words(std::string_view text);

/// Adds what was said to a result, but the next cursor.
void take_words(page_result& to, page_words words);

} // namespace orc
