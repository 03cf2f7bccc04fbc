#include "messages/split_store.hpp"

ORC_SPLIT_STORE_MESSAGES(ORC_DEFINE_MESSAGE)
