#include "messages/reader.hpp"

ORC_READER_MESSAGES(ORC_DEFINE_MESSAGE)
