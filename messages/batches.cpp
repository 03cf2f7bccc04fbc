#include "messages/batches.hpp"

ORC_BATCHES_MESSAGES(ORC_DEFINE_MESSAGE)
