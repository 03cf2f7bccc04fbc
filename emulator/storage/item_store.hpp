#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orc::emulator {

/// What of an item matters to `clean`, `skipEmpty` and `skipHidden`, known
/// since it was pushed.
enum item_flags : std::uint8_t {
  plain_item = 0,
  /// `{}`
  empty_item = 1,
  /// Has top-level fields that start with `#`.
  item_with_hidden = 2,
  /// Has only such fields: empty once they are gone.
  hidden_only_item = 4,
};

/// The items of a dataset as compact JSON texts, back to back in a few large
/// blocks: a million small items cost their bytes and 12 bytes each, and a page
/// of them is copied at the speed of memory.
class item_store {
public:
  void push(std::string_view json, std::uint8_t flags);

  std::size_t size() const noexcept {
    return entries_.size();
  }

  /// @returns the length of all texts together.
  std::uint64_t bytes() const noexcept {
    return bytes_;
  }

  /// @returns how many items are left by `clean`.
  std::size_t clean_size() const noexcept {
    return size() - unclean_;
  }

  /// @returns the text of an item; good until the next `push`.
  std::string_view operator[](std::size_t i) const noexcept;

  std::uint8_t flags(std::size_t i) const noexcept {
    return entries_[i].flags;
  }

  /// Appends the items `first` to `last`, each followed by `separator`.
  void append_range(std::string& out, std::size_t first, std::size_t last,
                    char separator) const;

private:
  struct entry {
    std::uint32_t block;
    std::uint32_t begin;
    std::uint32_t size : 24;
    std::uint32_t flags : 8;
  };

  /// Items lie in their block each followed by one byte of room for a
  /// separator, so that ranges are copied whole.
  std::vector<std::string> blocks_;
  std::vector<entry> entries_;
  std::uint64_t bytes_ = 0;
  std::size_t unclean_ = 0;
};

} // namespace orc::emulator
