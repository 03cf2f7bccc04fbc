#pragma once

#include "app/config/home.hpp"
#include "messages/base/error.hpp"
#include "messages/settings.hpp"
#include "transport/apify/endpoints.hpp"

#include <caf/expected.hpp>

#include <string>

namespace orc {
class io_runtime;
} // namespace orc

namespace orc::app {

/// The platform run that we ourselves are, before there is a service: for a
/// thread that may wait.
class own_run {
public:
  own_run(io_runtime& runtime, const account_settings& account, home where);

  /// @returns the INPUT record; `ec::not_found` if there is none.
  caf::expected<std::string> input() {
    return record(home_.input_key);
  }

  /// @returns a record of the default key-value store, or `ec::not_found`.
  caf::expected<std::string> record(const std::string& key);

  /// Tells why nothing was done. Best effort: the log has it, too.
  void say_last(const std::string& text);

private:
  home home_;
  http::client client_;
  apify::endpoints endpoints_;
};

} // namespace orc::app
