#pragma once

#include "app/estimate/history.hpp"
#include "messages/settings.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/client.hpp"

#include <caf/expected.hpp>

#include <string>

namespace orc::app {

/// Asks the platform what runs took, what a run gets and what the account may
/// use. Changes nothing there.
class platform_history {
public:
  explicit platform_history(account_settings account);

  /// Adds the newest runs of an Apify actor or task, at most 1000. One that
  /// never ran, or is not known, adds nothing.
  [[nodiscard]] caf::error add_runs(const run_target& target, run_history& to);

  /// @returns what a run gets that does not say; nothing if nobody knows.
  std::optional<mebibytes> default_memory(const run_target& target);

  /// @returns nothing if the token may not read them.
  std::optional<account_limits> limits();

private:
  caf::expected<std::string> get(const std::string& target);

  account_settings account_;
  io_runtime runtime_;
  http::client client_;
};

} // namespace orc::app
