#include "messages/pool/pool.hpp"

ORC_POOL_MESSAGES(ORC_DEFINE_MESSAGE)
