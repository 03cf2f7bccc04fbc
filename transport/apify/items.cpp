#include "transport/apify/items.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace orc::apify {

namespace {

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t result = 0;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, result);
  return error == std::errc{} && stop == end && !text.empty()
           ? std::optional{result}
           : std::nullopt;
}

/// @returns how many lines have something in them.
std::uint64_t count_lines(std::string_view text) {
  std::uint64_t result = 0;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    result += line.find_first_not_of(" \t\r") != std::string_view::npos;
  }
  return result;
}

} // namespace

caf::expected<items_page>
items_reader::operator()(http::response& answer) const {
  items_page result;
  auto count = number_in(answer.headers.get("X-Apify-Pagination-Count"));
  if (!count) {
    count = count_lines(answer.body);
    // The first line of CSV names the columns.
    if (format_ == "csv" && *count > 0)
      --*count;
  }
  result.count = *count;
  result.total = number_in(answer.headers.get("X-Apify-Pagination-Total"))
                   .value_or(result.count);
  result.body = json_text{std::move(answer.body)};
  return result;
}

} // namespace orc::apify
