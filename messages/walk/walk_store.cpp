#include "messages/walk/walk_store.hpp"

ORC_WALK_STORE_MESSAGES(ORC_DEFINE_MESSAGE)
