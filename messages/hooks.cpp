#include "messages/hooks.hpp"

ORC_HOOKS_MESSAGES(ORC_DEFINE_MESSAGE)
