#include "messages/splits.hpp"

ORC_SPLITS_MESSAGES(ORC_DEFINE_MESSAGE)
