#include "messages/report.hpp"

ORC_REPORT_MESSAGES(ORC_DEFINE_MESSAGE)
