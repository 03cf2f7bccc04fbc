#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace orc {

/// Chooses how many items a page has, so that pages have about the same size in
/// bytes whatever items are like: memory stays bounded, and small items do not
/// take a round trip each.
class page_size {
public:
  /// The first page is small: nobody knows yet how large items are, and one
  /// may have 9 MB.
  static constexpr std::uint64_t first = 100;
  static constexpr std::uint64_t most = 20'000;
  static constexpr std::uint64_t wanted_bytes = std::uint64_t{2} << 20;

  std::uint64_t items() const noexcept {
    return items_;
  }

  /// @returns whether a page has told yet how large items are.
  bool is_known() const noexcept {
    return known_;
  }

  void learn(std::uint64_t items, std::uint64_t bytes) noexcept {
    if (items == 0)
      return;
    known_ = true;
    auto each = std::max<std::uint64_t>(bytes / items, 1);
    // Never grows by more than ten times on the word of one page.
    items_ = std::clamp<std::uint64_t>(wanted_bytes / each, 1,
                                       std::min(most, 10 * items_));
  }

private:
  std::uint64_t items_ = first;
  bool known_ = false;
};

} // namespace orc
