#include "messages/batch_store.hpp"

ORC_BATCH_STORE_MESSAGES(ORC_DEFINE_MESSAGE)
