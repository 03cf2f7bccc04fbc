#include "messages/start_store.hpp"

ORC_START_STORE_MESSAGES(ORC_DEFINE_MESSAGE)
