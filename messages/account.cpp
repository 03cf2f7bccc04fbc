#include "messages/account.hpp"

ORC_ACCOUNT_MESSAGES(ORC_DEFINE_MESSAGE)
