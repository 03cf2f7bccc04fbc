#include "messages/task/task_store.hpp"

ORC_TASK_STORE_MESSAGES(ORC_DEFINE_MESSAGE)
