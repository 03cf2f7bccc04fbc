#include "messages/item_counter.hpp"

ORC_ITEM_COUNTER_MESSAGES(ORC_DEFINE_MESSAGE)
