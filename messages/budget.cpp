#include "messages/budget.hpp"

ORC_BUDGET_MESSAGES(ORC_DEFINE_MESSAGE)
