#include "messages/event.hpp"

ORC_EVENT_MESSAGES(ORC_DEFINE_MESSAGE)
