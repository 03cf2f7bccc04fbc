#include "messages/task/tasks.hpp"

ORC_TASKS_MESSAGES(ORC_DEFINE_MESSAGE)
