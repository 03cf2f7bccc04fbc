#include "messages/run.hpp"

ORC_RUN_MESSAGES(ORC_DEFINE_MESSAGE)
