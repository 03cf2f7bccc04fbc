#pragma once

#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <string>

namespace orc {

inline caf::error no_schedule(const std::string& name) {
  return make_error(ec::not_found,
                    fmt::format("there is no schedule `{}`", name));
}

} // namespace orc
