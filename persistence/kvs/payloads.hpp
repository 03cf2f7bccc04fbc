#pragma once

#include "persistence/kvs/envelope.hpp"

#include <string_view>
#include <vector>

namespace orc::kvs {

/// Cuts a text so that each part fits a record; at least one.
inline std::vector<content> cut(std::string_view text) {
  std::vector<content> result;
  do {
    auto part = text.substr(0, max_payload);
    text.remove_prefix(part.size());
    result.push_back({std::string{part}, !text.empty()});
  } while (!text.empty());
  return result;
}

} // namespace orc::kvs
