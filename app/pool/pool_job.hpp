#pragma once

#include "app/config/config.hpp"

#include <string>

namespace orc::app {

/// What `pool run` is to do beyond the configuration.
struct pool_job_options {
  /// Goes on when there is nothing to do.
  bool daemon = false;
  bool json = false;
  /// A service whose tasks are done; "": those of the data directory.
  std::string api;
  std::string token;
};

/// Runs the pools of a configuration until they have nothing to do, or a signal
/// comes.
/// @returns an exit code.
int run_pools(config options, const pool_job_options& job);

} // namespace orc::app
