#pragma once

#include "emulator/process/actor_folder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc::emulator {

/// What a program learns about its run from its environment.
struct run_environment {
  std::string run_id;
  std::string actor_id;
  /// Such as `apify/web-scraper`.
  std::string actor_name;
  std::string task_id;
  std::string build_id;
  std::string build_number;
  std::string build_tag;
  std::string user_id;
  std::string token;
  std::string default_dataset_id;
  std::string default_key_value_store_id;
  std::string default_request_queue_id;
  std::string input_key = "INPUT";
  std::uint32_t memory_mbytes = 1024;
  /// ISO 8601, milliseconds, UTC.
  std::string started_at;
  /// Empty if the run may take for ever.
  std::string timeout_at;
  std::optional<double> max_total_charge_usd;
  std::optional<std::uint64_t> max_items;
  bool restart_on_error = false;
  /// `API`, `WEB`, `ACTOR`, ...
  std::string meta_origin = "API";
  /// Where the emulator listens: `http://127.0.0.1:8485`, no slash at the end.
  std::string api_url;
  /// What `ACTOR_WEB_SERVER_PORT` says; a container chooses a free one for 0.
  std::uint16_t web_server_port = 0;
};

/// @returns the path on which the events WebSocket of a run is served.
std::string events_path(const std::string& run_id);

/// @returns `NAME=value` for every variable that the platform sets, the actor's
/// own variables, and the few of the emulator's that a program cannot do
/// without (PATH, HOME, LANG, ...).
std::vector<std::string>
platform_environment(const run_environment& run, const actor_folder& actor);

/// @returns a TCP port of the loopback address that was free just now.
std::uint16_t free_port();

} // namespace orc::emulator
