#include "messages/bus/status.hpp"

ORC_BUS_STATUS_MESSAGES(ORC_DEFINE_MESSAGE)
