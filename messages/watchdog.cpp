#include "messages/watchdog.hpp"

ORC_WATCHDOG_MESSAGES(ORC_DEFINE_MESSAGE)
