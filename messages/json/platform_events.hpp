#pragma once

#include "messages/platform.hpp"

#include <string_view>

namespace orc {

/// Reads a frame of the events WebSocket: `{"name","createdAt"?,"data"?}`.
/// Lenient, since data may be missing, null, an array or an object; what cannot
/// be understood is `other`.
platform_event read_platform_event(std::string_view frame);

} // namespace orc
