#pragma once

#include "emulator/storage/dataset.hpp"
#include "emulator/storage/item_transform.hpp"
#include "emulator/storage/item_writer.hpp"
#include "emulator/storage/items_query.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace orc::emulator {

/// The body of one page of items, made piece by piece, so that a page of any
/// size costs little memory and never holds up other requests for long.
///
/// Items that are written as they are stored are copied, not parsed.
class item_page {
public:
  item_page(std::shared_ptr<const dataset> data, items_query query);

  item_page(const item_page&) = delete;
  item_page& operator=(const item_page&) = delete;

  /// @returns the number of raw items, before any is skipped.
  std::size_t count() const noexcept {
    return last_ - first_;
  }

  const items_query& query() const noexcept {
    return query_;
  }

  /// Appends the next piece to `out`.
  /// @returns whether more follow
  bool next(std::string& out, std::size_t piece_bytes);

private:
  void begin(std::string& out);
  void end(std::string& out) const;
  bool is_skipped(std::uint8_t flags) const noexcept;
  bool is_raw(std::uint8_t flags) const noexcept;
  std::size_t append_raw_run(std::string& out, std::size_t most);
  void append_transformed(std::string& out);
  void append_text(std::string& out, std::string_view json);
  void separate(std::string& out);

  /// @returns the place of the item that is the `n`-th of the page.
  std::size_t place(std::size_t n) const noexcept {
    return query_.desc ? last_ - 1 - n : first_ + n;
  }

  std::shared_ptr<const dataset> data_;
  items_query query_;
  item_transform transform_;
  std::unique_ptr<item_writer> writer_;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  /// How many items of the page are done.
  std::size_t done_ = 0;
  bool begun_ = false;
  /// Something was written that JSON separates from the next by a comma.
  bool wrote_any_ = false;
};

} // namespace orc::emulator
