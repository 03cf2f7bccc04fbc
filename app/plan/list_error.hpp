#pragma once

#include "app/plan/plan.hpp"

#include <fmt/format.h>

namespace orc::app {

/// Names the list of a plan in an error.
inline caf::error about_list(const plan_list& list, const caf::error& problem) {
  return make_error(code_of(problem),
                    fmt::format("list {}: {}", list.what.request.prefix,
                                message_of(problem)));
}

} // namespace orc::app
