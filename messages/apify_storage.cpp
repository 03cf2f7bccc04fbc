#include "messages/apify_storage.hpp"

ORC_APIFY_STORAGE_MESSAGES(ORC_DEFINE_MESSAGE)
