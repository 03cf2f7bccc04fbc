#include "messages/reload.hpp"

ORC_RELOAD_MESSAGES(ORC_DEFINE_MESSAGE)
