#pragma once

#include "app/config/config.hpp"
#include "messages/bus/api_calls.hpp"
#include "messages/bus/status.hpp"

#include <caf/expected.hpp>

#include <memory>
#include <vector>

namespace orc::app {

class service;

/// The bridge to the message bus, if the configuration has one.
class service_bus {
public:
  /// Connects in the background: a bus that is away is no error.
  /// @param caller calls the API; lives longer than this.
  [[nodiscard]] static caf::expected<std::unique_ptr<service_bus>>
  open(service& host, const config& options, const api_caller_actor& caller,
       std::vector<api_verb> verbs);

  /// Calls `stop`.
  ~service_bus();

  /// @returns who tells how it stands; nobody if there is no bus.
  bus_status_actor status() const;

  /// Takes and tells nothing any more; what is left is in the store, and on the
  /// bus.
  void stop();

private:
  struct impl;
  explicit service_bus(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

} // namespace orc::app
