#include "messages/apify_api.hpp"

ORC_APIFY_API_MESSAGES(ORC_DEFINE_MESSAGE)
