#include "messages/pool/pools.hpp"

ORC_POOLS_MESSAGES(ORC_DEFINE_MESSAGE)
