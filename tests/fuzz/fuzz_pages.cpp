#include "messages/walk/page_place.hpp"
#include "persistence/sources/sql_text.hpp"
#include "tests/fuzz/require.hpp"
#include "transport/sources/array_pages.hpp"
#include "transport/sources/csv_pages.hpp"
#include "transport/sources/line_pages.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

namespace {

using namespace orc;

/// Gives a few bytes at a time, so that everything is cut somewhere.
class text_bytes : public byte_source {
public:
  text_bytes(std::string_view text, std::size_t piece)
    : text_{text}, piece_{piece} {
    // nop
  }

  caf::expected<std::size_t>
  read(std::uint64_t at, char* to, std::size_t size) override {
    if (at >= text_.size())
      return std::size_t{0};
    auto got = std::min({size, piece_, text_.size() - at});
    std::memcpy(to, text_.data() + at, got);
    return got;
  }

private:
  std::string_view text_;
  std::size_t piece_;
};

std::unique_ptr<page_reader>
open(unsigned kind, std::string_view text, std::size_t piece) {
  auto bytes = std::make_unique<text_bytes>(text, piece);
  switch (kind % 4) {
    case 0:
      return std::make_unique<line_pages>("f", std::move(bytes));
    case 1:
      return std::make_unique<csv_pages>("f", std::move(bytes), ',');
    case 2:
      return std::make_unique<array_pages>("f", std::move(bytes), "");
    default:
      return std::make_unique<array_pages>("f", std::move(bytes), "/a/1");
  }
}

/// @returns all items, or nothing if there is an error somewhere.
std::optional<std::string>
walk(unsigned kind, std::string_view text, std::size_t piece,
     std::uint64_t size, bool reopens) {
  std::string result;
  std::string cursor;
  auto pages = open(kind, text, piece);
  do {
    if (reopens)
      pages = open(kind, text, piece);
    auto page = pages->read({cursor, size});
    if (!page)
      return std::nullopt;
    auto items = page->items.view();
    auto lines = std::count(items.begin(), items.end(), '\n');
    fuzz::require(page->count == static_cast<std::uint64_t>(lines));
    fuzz::require(page->count == size || !page->next);
    fuzz::require(page->count > 0 || cursor.empty());
    result += items;
    cursor = page->next.value_or("");
  } while (!cursor.empty());
  return result;
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  auto text = fuzz::as_text(data + 1, size - 1);
  auto whole = walk(data[0], text, 1 << 20, 1'000'000, false);
  auto by_ones = walk(data[0], text, 3, 1, true);
  auto by_threes = walk(data[0], text, 1, 3, false);
  fuzz::require(whole == by_ones && whole == by_threes);
  (void)open(data[0], text, 7)->read({std::string{text}, 2});
  fuzz::require(
    page_place::parse(page_place{std::string{text}, 3}.cursor()).skip == 3);
  (void)number_parameters(text);
  return 0;
}
