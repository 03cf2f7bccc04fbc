#include "emulator/storage/item_store.hpp"

#include <algorithm>

namespace orc::emulator {

namespace {

constexpr auto block_size = std::size_t{1} << 20;

} // namespace

void item_store::push(std::string_view json, std::uint8_t flags) {
  if (blocks_.empty()
      || (!blocks_.back().empty()
          && blocks_.back().size() + json.size() + 1 > block_size))
    blocks_.emplace_back();
  auto& block = blocks_.back();
  entries_.push_back({static_cast<std::uint32_t>(blocks_.size() - 1),
                      static_cast<std::uint32_t>(block.size()),
                      static_cast<std::uint32_t>(json.size()) & 0xffffffU,
                      flags});
  block.append(json).push_back('\n');
  bytes_ += json.size();
  if ((flags & (empty_item | hidden_only_item)) != 0)
    ++unclean_;
}

std::string_view item_store::operator[](std::size_t i) const noexcept {
  const auto& e = entries_[i];
  return std::string_view{blocks_[e.block]}.substr(e.begin, e.size);
}

void item_store::append_range(std::string& out, std::size_t first,
                              std::size_t last, char separator) const {
  while (first < last) {
    const auto& from = entries_[first];
    auto next = first + 1;
    while (next < last && entries_[next].block == from.block)
      ++next;
    const auto& to = entries_[next - 1];
    const auto start = out.size();
    out.append(blocks_[from.block], from.begin,
               to.begin + to.size + 1 - from.begin);
    if (separator != '\n')
      for (auto i = first; i < next; ++i)
        out[start + entries_[i].begin + entries_[i].size - from.begin]
          = separator;
    first = next;
  }
}

} // namespace orc::emulator
