#include "messages/task/patch.hpp"

ORC_TASK_PATCH_MESSAGES(ORC_DEFINE_MESSAGE)
