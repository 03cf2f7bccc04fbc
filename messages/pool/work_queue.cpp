#include "messages/pool/work_queue.hpp"

ORC_WORK_QUEUE_MESSAGES(ORC_DEFINE_MESSAGE)
