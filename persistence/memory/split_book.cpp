#include "persistence/memory/split_book.hpp"

#include "persistence/refusal.hpp"

namespace orc {

stored_split split_book::load(const load_split& request) const {
  auto i = splits_.find(request.ref);
  return i != splits_.end() ? i->second : stored_split{};
}

caf::expected<saved> split_book::save(const save_split& request) {
  auto& known = splits_[request.ref];
  if (auto stale = stale_split(known, request))
    return stale;
  known.fingerprint = request.fingerprint;
  known.parts.insert(known.parts.end(), request.added.begin(),
                     request.added.end());
  return saved{};
}

} // namespace orc
