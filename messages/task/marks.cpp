#include "messages/task/marks.hpp"

ORC_TASK_MARK_MESSAGES(ORC_DEFINE_MESSAGE)
