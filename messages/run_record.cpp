#include "messages/run_record.hpp"

ORC_RUN_RECORD_MESSAGES(ORC_DEFINE_MESSAGE)
