#include "messages/platform.hpp"

ORC_PLATFORM_MESSAGES(ORC_DEFINE_MESSAGE)
