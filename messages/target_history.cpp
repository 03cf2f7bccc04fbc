#include "messages/target_history.hpp"

ORC_TARGET_HISTORY_MESSAGES(ORC_DEFINE_MESSAGE)
