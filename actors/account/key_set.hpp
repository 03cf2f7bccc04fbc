#pragma once

#include "messages/base/units.hpp"

#include <bitset>
#include <cstdint>
#include <unordered_map>

namespace orc {

/// A set of run keys. Keys grow with submission, so that those of a queue lie
/// close together: a bit each is enough, two hundred kilobytes for a million.
class key_set {
public:
  bool contains(run_key x) const {
    auto page = pages_.find(x.value / page_size);
    return page != pages_.end() && page->second.test(x.value % page_size);
  }

  /// @returns whether `x` is new.
  bool insert(run_key x) {
    auto bit = pages_[x.value / page_size][x.value % page_size];
    if (bit)
      return false;
    bit = true;
    ++size_;
    return true;
  }

  /// @returns whether `x` was there.
  bool erase(run_key x) {
    auto page = pages_.find(x.value / page_size);
    if (page == pages_.end() || !page->second.test(x.value % page_size))
      return false;
    page->second.reset(x.value % page_size);
    --size_;
    if (page->second.none())
      pages_.erase(page);
    return true;
  }

  std::uint64_t size() const noexcept {
    return size_;
  }

private:
  static constexpr std::uint64_t page_size = 512;

  std::unordered_map<std::uint64_t, std::bitset<page_size>> pages_;
  std::uint64_t size_ = 0;
};

} // namespace orc
