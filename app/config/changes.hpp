#pragma once

#include "app/config/config.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orc::app {

/// @returns the options in which two configurations differ, dotted, in the
/// order
///          of the file: `log.level`, `accounts.second.token`; an entry that
///          only one of them has by its name, `accounts.second`. Where a secret
///          comes from does not count, only what it is.
std::vector<std::string>
changed_options(const config& before, const config& after);

/// @returns whether `serve` works by a change of an option without being
/// started
///          again.
bool is_reloadable(std::string_view option);

} // namespace orc::app
