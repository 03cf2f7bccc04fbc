#include "app/cli/command_line.hpp"

#include <fmt/format.h>

namespace orc::app {

void add_version(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand("version", "Prints the version.");
  command->callback([&action] {
    action = [] {
      fmt::print("apify-orchestrator {}\n", ORC_VERSION);
      return int{all_succeeded};
    };
  });
}

} // namespace orc::app
