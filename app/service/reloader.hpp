#pragma once

#include "app/config/config.hpp"
#include "messages/settings.hpp"

#include <caf/expected.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace orc::app {

class notifier;
class service;

/// Whom besides the service a new configuration concerns.
struct reload_parts {
  /// Reads it, and checks it as at the start.
  std::function<caf::expected<config>()> read;
  std::function<void(const config&)> change_access;
  std::function<void(const config&)> change_chores;
  std::function<caf::error(const config&)> change_schedules;
  /// Opens the bridge to the bus anew.
  std::function<caf::error(const config&)> change_bus;
};

/// Takes up a changed configuration while the service works. One that is wrong
/// changes nothing; what needs a restart is named, in the log and in the
/// status, each time until there is one.
class reloader {
public:
  reloader(service& host, config started_with, reload_parts parts,
           std::shared_ptr<notifier> supervisor);

  /// Reads the configuration again. Called by one thread.
  void run();

  /// @returns by which the service works.
  const config& current() const noexcept {
    return current_;
  }

private:
  caf::error take_up(const config& next);
  caf::error check_new_tokens(const config& next) const;
  caf::error change_bus(const config& next);
  void tell(const std::vector<std::string>& changed, const config& next,
            const std::vector<std::string>& kept);

  service& host_;
  config started_with_;
  config current_;
  /// By which the bridge to the bus works.
  config bus_;
  reload_parts parts_;
  std::shared_ptr<notifier> supervisor_;
};

} // namespace orc::app
