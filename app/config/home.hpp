#pragma once

#include <string>

namespace orc::app {

/// What the platform tells a process that is an Apify actor itself.
struct home {
  std::string run_id;
  std::string user_id;
  /// Of the run's default storages.
  std::string store_id;
  std::string dataset_id;
  /// Where the input is in the store.
  std::string input_key = "INPUT";
  std::string events_url;
};

} // namespace orc::app
