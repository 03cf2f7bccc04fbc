#pragma once

#include <algorithm>
#include <cstdint>

namespace orc::server::v2 {

/// A page of a list that has two parts: runs that wait, which are the newest,
/// and those that the platform has. Both parts are paged as if they were one.
struct list_window {
  std::uint64_t offset = 0;
  std::uint64_t limit = 0;
  bool newest_first = false;
  /// How many wait.
  std::uint64_t waiting = 0;

  /// Where the platform's part begins.
  std::uint64_t platform_offset() const noexcept {
    return newest_first ? offset - std::min(offset, waiting) : offset;
  }

  /// How much of it is wanted: 0 if the page is full without it.
  std::uint64_t platform_limit() const noexcept {
    if (!newest_first)
      return limit;
    auto first = std::min(offset, waiting);
    return limit - std::min(limit, waiting - first);
  }

  /// The first of the waiting ones, in the order of the list, on this page.
  /// @param total of the platform's part.
  std::uint64_t first_waiting(std::uint64_t total) const noexcept {
    if (newest_first)
      return std::min(offset, waiting);
    return std::min(waiting, offset - std::min(offset, total));
  }

  /// How many of the waiting ones come on this page.
  /// @param count of the platform's part on this page.
  std::uint64_t
  count_waiting(std::uint64_t count, std::uint64_t total) const noexcept {
    auto left = waiting - first_waiting(total);
    if (newest_first)
      return std::min(limit, left);
    // They come behind the last of the platform's.
    auto is_end = offset + count >= total;
    return is_end ? std::min(limit - std::min(limit, count), left) : 0;
  }
};

} // namespace orc::server::v2
