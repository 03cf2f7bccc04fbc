#pragma once

#include "messages/base/log.hpp"

namespace orc {

/// How this folder signs its log lines.
constexpr logger log{"batch"};

} // namespace orc
