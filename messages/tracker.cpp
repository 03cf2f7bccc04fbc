#include "messages/tracker.hpp"

ORC_TRACKER_MESSAGES(ORC_DEFINE_MESSAGE)
