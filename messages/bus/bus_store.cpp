#include "messages/bus/bus_store.hpp"

ORC_BUS_STORE_MESSAGES(ORC_DEFINE_MESSAGE)
