#include "messages/settler.hpp"

ORC_SETTLER_MESSAGES(ORC_DEFINE_MESSAGE)
