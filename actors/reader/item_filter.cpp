#include "actors/reader/item_filter.hpp"

#include <utility>

namespace orc {

item_filter::item_filter(std::vector<std::string> dedupe_by,
                         std::optional<std::uint64_t> limit)
  : names_{std::move(dedupe_by)}, key_{names_}, left_{limit} {
  // nop
}

caf::error item_filter::remember(std::string_view item) {
  if (names_.empty())
    return {};
  auto key = key_.of(item);
  if (!key)
    return std::move(key.error());
  remember_key(*key);
  return {};
}

caf::expected<bool> item_filter::pass(std::string_view item) {
  if (names_.empty())
    return pass_key(std::nullopt);
  auto key = key_.of(item);
  if (!key)
    return std::move(key.error());
  return pass_key(*key);
}

bool item_filter::pass_key(const std::optional<std::string>& key) {
  if (left_ == 0)
    return false;
  if (key && !seen_.insert(hash_of(*key)).second)
    return false;
  if (left_)
    --*left_;
  return true;
}

void item_filter::remember_key(const std::optional<std::string>& key) {
  if (key)
    seen_.insert(hash_of(*key));
}

} // namespace orc
