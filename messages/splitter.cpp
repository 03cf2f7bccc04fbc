#include "messages/splitter.hpp"

ORC_SPLITTER_MESSAGES(ORC_DEFINE_MESSAGE)
