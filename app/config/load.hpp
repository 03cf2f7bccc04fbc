#pragma once

#include "app/config/config.hpp"
#include "app/config/environment.hpp"
#include "messages/settings.hpp"

#include <caf/expected.hpp>

#include <string>
#include <vector>

namespace orc::app {

/// What the command line says about options of the top level.
struct overrides {
  /// "" if none was given.
  std::string file;
  struct entry {
    std::string option;
    std::string text;
    /// As the user wrote it, such as `--max-memory`.
    std::string source;
  };
  std::vector<entry> entries;
};

/// Reads the configuration: command line before environment before file before
/// defaults. Tokens that the file keeps elsewhere are fetched.
[[nodiscard]] caf::expected<config>
load_config(const overrides& cli, const environment& env);

/// @returns the accounts to use, the default one first: `default` if there is
///          a token for it, else the first of the file.
std::vector<account_settings> accounts_of(const config& x);

/// @returns what the ORCHESTRATOR needs to know.
orchestrator_settings settings_of(const config& x);

} // namespace orc::app
