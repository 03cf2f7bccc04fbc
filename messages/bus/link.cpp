#include "messages/bus/link.hpp"

ORC_BUS_LINK_MESSAGES(ORC_DEFINE_MESSAGE)
