#include "messages/walk/walks.hpp"

ORC_WALKS_MESSAGES(ORC_DEFINE_MESSAGE)
