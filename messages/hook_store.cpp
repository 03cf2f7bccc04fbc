#include "messages/hook_store.hpp"

ORC_HOOK_STORE_MESSAGES(ORC_DEFINE_MESSAGE)
