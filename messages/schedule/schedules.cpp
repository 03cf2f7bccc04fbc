#include "messages/schedule/schedules.hpp"

ORC_SCHEDULE_MESSAGES(ORC_DEFINE_MESSAGE)
