#include "messages/run_actor.hpp"

ORC_RUN_ACTOR_MESSAGES(ORC_DEFINE_MESSAGE)
