#pragma once

#include "app/cli/command_line.hpp"
#include "app/client/api_client.hpp"

#include <memory>
#include <string>

namespace orc::app {

/// Options that all commands share that are clients of `serve`.
struct client_flags {
  std::string url = "http://127.0.0.1:8484";
  std::string token;
  std::string space = "default";
  bool json = false;
};

/// Adds them to a command.
std::shared_ptr<client_flags> add_client_flags(CLI::App& command);

/// @returns a client for the service they name.
std::unique_ptr<api_client> connect(const client_flags& x);

/// Adds the argument `NAME…`.
std::shared_ptr<std::vector<std::string>> add_names(CLI::App& command);

/// @returns an error that names the run; a wrong name gets a hint.
caf::error about(const std::string& name, const caf::error& problem);

} // namespace orc::app
