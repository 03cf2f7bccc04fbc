#include "messages/walk/page_processor.hpp"

ORC_PAGE_PROCESSOR_MESSAGES(ORC_DEFINE_MESSAGE)
