#pragma once

#include "messages/walk/page_processor.hpp"

#include <string>
#include <utility>

namespace orc {

/// @param type what `nonRetryable` may name, if anything.
/// @returns an attempt that was not done.
inline page_result
failure(page_end end, std::string why, std::string type = {}) {
  page_result result;
  result.end = end;
  result.error = std::move(why);
  if (!type.empty())
    result.types.push_back(std::move(type));
  return result;
}

} // namespace orc
