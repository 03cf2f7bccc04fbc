#include "messages/task/task_store.hpp"

#include "messages/task/task_store/resets.hpp"

ORC_TASK_STORE_MESSAGES(ORC_DEFINE_MESSAGE)
ORC_TASK_RESET_MESSAGES(ORC_DEFINE_MESSAGE)
