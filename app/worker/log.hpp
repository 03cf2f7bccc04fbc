#pragma once

#include "messages/base/log.hpp"

namespace orc::app {

inline constexpr logger worker_log{"worker"};

} // namespace orc::app
