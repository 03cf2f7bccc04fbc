#pragma once

#include "messages/walk/page_reader.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace orc::test {

/// @returns the items of a page.
inline std::vector<std::string> items_of(const walk_page& page) {
  std::vector<std::string> result;
  auto text = page.items.view();
  while (!text.empty()) {
    auto end = text.find('\n');
    REQUIRE(end != std::string_view::npos);
    result.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  REQUIRE(result.size() == page.count);
  return result;
}

inline walk_page
read_page(page_reader& from, std::string cursor, std::uint64_t size) {
  auto page = from.read({std::move(cursor), size});
  if (!page)
    FAIL(message_of(page.error()));
  return std::move(*page);
}

/// @returns all pages from the beginning on, by their cursors.
inline std::vector<walk_page> walk(page_reader& from, std::uint64_t size) {
  std::vector<walk_page> result;
  std::string cursor;
  do {
    result.push_back(read_page(from, cursor, size));
    cursor = result.back().next.value_or("");
  } while (!cursor.empty() && result.size() < 10'000);
  return result;
}

inline std::vector<std::string> items_of(const std::vector<walk_page>& pages) {
  std::vector<std::string> result;
  for (const auto& page : pages)
    for (auto& item : items_of(page))
      result.push_back(std::move(item));
  return result;
}

inline std::string problem_of(page_reader& from, std::string cursor = "") {
  auto page = from.read({std::move(cursor), 10});
  REQUIRE(!page);
  CHECK_FALSE(is_passing(page.error()));
  return message_of(page.error());
}

using strings = std::vector<std::string>;

} // namespace orc::test
