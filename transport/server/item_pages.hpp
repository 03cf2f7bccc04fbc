#pragma once

#include "messages/apify_api.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orc::server {

enum class item_format : std::uint8_t { json, jsonl, csv };

/// Which items are wanted, and how.
struct item_request {
  item_format format = item_format::json;
  std::uint64_t offset = 0;
  /// All, if empty.
  std::optional<std::uint64_t> limit;
  /// More parameters for the platform, escaped: `clean=1&fields=a%2Cb`.
  std::string query;
};

/// Walks a dataset page by page and joins the pages to one document.
///
/// The platform's count of a dataset lags behind by seconds, and filters make
/// pages shorter than asked for: only a page that is short although it was to
/// reach beyond the total is the last.
class item_pages {
public:
  item_pages(item_request wanted, std::uint64_t items_per_page);

  /// @returns the page to ask for, or nothing after the last one.
  std::optional<get_items> next() const;

  /// Takes the page that `next` told to ask for.
  /// @returns what follows in the document, or an error if it cannot follow.
  caf::expected<std::string> accept(const items_page& page);

  /// @returns what ends the document.
  std::string finish() const;

  /// @returns the document's `Content-Type`.
  std::string_view media_type() const noexcept;

private:
  std::string join_json(std::string_view body);
  caf::expected<std::string> join_csv(std::string_view body);

  item_request wanted_;
  std::uint64_t page_size_;
  std::uint64_t position_ = 0;
  std::string header_;
  bool wrote_items_ = false;
  bool first_ = true;
  bool done_ = false;
};

} // namespace orc::server
