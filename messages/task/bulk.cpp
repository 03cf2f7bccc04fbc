#include "messages/task/bulk.hpp"

ORC_TASK_BULK_MESSAGES(ORC_DEFINE_MESSAGE)
