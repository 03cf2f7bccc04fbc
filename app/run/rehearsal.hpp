#pragma once

#include "app/config/config.hpp"

#include <memory>
#include <string>

namespace orc::app {

/// A platform of our own for a run of a plan that costs nothing.
class rehearsal {
public:
  rehearsal();
  ~rehearsal();

  rehearsal(const rehearsal&) = delete;
  rehearsal& operator=(const rehearsal&) = delete;

  /// Starts an emulator and points the configuration to it.
  /// @param actors folder of Apify actors to run as programs; "" for none:
  ///        all others follow a script.
  /// @param keep whether the emulator's state goes to the data folder, too.
  [[nodiscard]] caf::error
  start(const std::string& actors, bool keep, config& options);

private:
  struct impl;

  std::unique_ptr<impl> impl_;
};

} // namespace orc::app
