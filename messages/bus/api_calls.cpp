#include "messages/bus/api_calls.hpp"

ORC_API_CALL_MESSAGES(ORC_DEFINE_MESSAGE)
