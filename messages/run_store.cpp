#include "messages/run_store.hpp"

ORC_RUN_STORE_MESSAGES(ORC_DEFINE_MESSAGE)
