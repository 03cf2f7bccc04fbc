#pragma once

#include "emulator/storage/item_page.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace orc::emulator {

/// A dataset with the items of a JSON array, and pages of it as text.
struct item_fixture {
  explicit item_fixture(std::string_view items) {
    data->push(parse_items(items));
  }

  /// @param piece_bytes how much is made at a time
  std::string page(const items_query& query, std::size_t piece_bytes
                                             = std::size_t{1} << 20) const {
    auto made = item_page{data, query};
    auto result = std::string{};
    for (auto more = true; more;) {
      auto piece = std::string{};
      more = made.next(piece, piece_bytes);
      result.append(piece);
    }
    return result;
  }

  std::shared_ptr<dataset> data = std::make_shared<dataset>(storage_info{});
};

} // namespace orc::emulator
