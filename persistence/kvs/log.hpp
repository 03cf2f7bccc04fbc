#pragma once

#include "messages/base/log.hpp"

namespace orc::kvs {

/// How this folder signs its log lines.
constexpr logger log{"kvs-store"};

} // namespace orc::kvs
