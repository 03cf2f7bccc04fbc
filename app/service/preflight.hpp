#pragma once

#include "messages/base/error.hpp"
#include "messages/settings.hpp"

#include <string>
#include <vector>

namespace orc::app {

/// Asks the platform whose token each account has, before anything starts.
/// @param names the accounts that will be used; "" is the first one.
/// @returns `ec::unauthorized` if a token is wrong or missing,
///          `ec::unknown_account`, `ec::bad_config` if the URL makes no sense,
///          or `ec::not_sent` if the platform cannot be reached.
[[nodiscard]] caf::error
check_accounts(const std::vector<account_settings>& accounts,
               const std::vector<std::string>& names);

/// The same for a service, which outlives its platform's troubles: a platform
/// that is down is said in the log, and runs wait for it.
/// @returns what only whoever starts the service can mend.
[[nodiscard]] caf::error
check_all_accounts(const std::vector<account_settings>& accounts);

} // namespace orc::app
