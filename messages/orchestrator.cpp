#include "messages/orchestrator.hpp"

ORC_ORCHESTRATOR_MESSAGES(ORC_DEFINE_MESSAGE)
