#include "actors/account/target_book.hpp"

namespace orc {

namespace {

/// What Apify actors get where nothing else is configured.
constexpr mebibytes usual_memory{1024};

} // namespace

std::uint32_t target_book::id_of(const run_target& target) {
  auto next = static_cast<std::uint32_t>(entries_.size());
  auto [i, added] = ids_.emplace(target, next);
  if (added)
    entries_.emplace_back().target = target;
  return i->second;
}

const target_entry* target_book::find(const run_target& target) const {
  auto i = ids_.find(target);
  return i == ids_.end() ? nullptr : &entries_[i->second];
}

std::optional<mebibytes> target_book::default_memory(const target_entry& x) {
  if (x.memory)
    return x.memory;
  return x.answered ? std::optional{usual_memory} : std::nullopt;
}

} // namespace orc
