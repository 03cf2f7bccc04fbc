#include "messages/pool/worker_host.hpp"

ORC_WORKER_HOST_MESSAGES(ORC_DEFINE_MESSAGE)
