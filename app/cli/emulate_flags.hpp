#pragma once

#include "emulator/emulator.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace orc::app {

/// What the command line of `emulate` holds.
struct emulate_flags {
  emulator::options options;
  std::string listen = "127.0.0.1:8485";
  std::vector<std::string> users;
  std::vector<std::string> scripted;
  std::string actors;
  std::string data;
  std::int64_t duration_ms = 1000;
  std::int64_t start_delay_ms = 0;
  std::int64_t release_lag_ms = 0;
  std::int64_t item_count_lag_ms = 0;
  bool no_rate_limits = false;
  bool no_user_agent = false;
  bool no_user_agent_in_list = false;
};

/// Adds the flags of `emulate`, which are read into `flags`.
void add_emulate_flags(CLI::App& command, emulate_flags& flags);

/// Turns the flags into `flags.options`.
/// @returns what is wrong with them, or ""
std::string read_options(emulate_flags& flags);

} // namespace orc::app
