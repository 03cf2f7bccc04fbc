#pragma once

#include "actors/reader/item_hash.hpp"
#include "actors/reader/item_key.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace orc {

/// Leaves out items that were seen before, and those beyond a limit.
class item_filter {
public:
  /// @param dedupe_by fields that items are told apart by; empty: none is
  ///                  left out for what it is.
  /// @param limit items to let through; no limit if empty.
  item_filter(std::vector<std::string> dedupe_by,
              std::optional<std::uint64_t> limit);

  /// @returns whether everything passes.
  bool is_idle() const noexcept {
    return names_.empty() && !left_;
  }

  bool is_used_up() const noexcept {
    return left_ == 0;
  }

  const std::vector<std::string>& names() const noexcept {
    return names_;
  }

  /// Remembers an item without letting it through.
  caf::error remember(std::string_view item);

  /// @returns whether an item passes, or `ec::bad_json`.
  caf::expected<bool> pass(std::string_view item);

  /// Same, of an item whose key is known; no key: it was never seen before.
  bool pass_key(const std::optional<std::string>& key);

  /// Same, without letting it through.
  void remember_key(const std::optional<std::string>& key);

private:
  struct take_first {
    std::size_t operator()(const item_hash& x) const noexcept {
      return x.first;
    }
  };

  std::vector<std::string> names_;
  item_key key_;
  std::optional<std::uint64_t> left_;
  std::unordered_set<item_hash, take_first> seen_;
};

} // namespace orc
