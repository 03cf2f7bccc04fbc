#include "messages/task/operators.hpp"

ORC_OPERATOR_MESSAGES(ORC_DEFINE_MESSAGE)
