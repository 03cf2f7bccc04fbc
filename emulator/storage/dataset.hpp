#pragma once

#include "emulator/storage/item_parser.hpp"
#include "emulator/storage/item_store.hpp"
#include "emulator/storage/storage_info.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace orc::emulator {

/// A dataset: items in the order of their push, and counts of its use.
class dataset {
public:
  explicit dataset(storage_info info) : info_(std::move(info)) {
    // nop
  }

  storage_info& info() noexcept {
    return info_;
  }

  const storage_info& info() const noexcept {
    return info_;
  }

  const item_store& items() const noexcept {
    return items_;
  }

  void push(const parsed_items& more);

  /// Takes back items that were pushed in an earlier life of the emulator.
  void restore(const parsed_items& more);

  /// Notes that a page was read.
  void count_read(std::size_t items) {
    reads_ += items;
    info_.touch();
  }

  /// @returns the number of items as it was `lag` ago: the platform's own
  /// counts are late by up to 5 seconds.
  std::uint64_t lagging_count(std::chrono::milliseconds lag) const;

  /// Writes the Dataset object of the API.
  void write(json_writer& out, std::chrono::milliseconds lag) const;

private:
  void append(const parsed_items& more);
  void remember_count();

  storage_info info_;
  item_store items_;
  std::uint64_t reads_ = 0;
  std::uint64_t writes_ = 0;
  /// When there were how many items: the pushes of the last seconds, those
  /// within a moment as one.
  std::vector<std::pair<moment, std::uint64_t>> history_;
};

using dataset_ptr = std::shared_ptr<dataset>;

} // namespace orc::emulator
