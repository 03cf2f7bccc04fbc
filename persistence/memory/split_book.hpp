#pragma once

#include "messages/split_store.hpp"

#include <caf/expected.hpp>

#include <map>

namespace orc {

/// How lists were cut into runs, in memory.
class split_book {
public:
  stored_split load(const load_split& request) const;
  caf::expected<saved> save(const save_split& request);

private:
  std::map<run_ref, stored_split> splits_;
};

} // namespace orc
