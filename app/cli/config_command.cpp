#include "app/cli/command_line.hpp"
#include "app/config/print.hpp"

#include <fmt/format.h>

#include <memory>

namespace orc::app {

void add_config(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "config", "Shows the configuration that results, secrets as ***.");
  auto example = std::make_shared<bool>(false);
  command->add_flag("--example", *example,
                    "Print a commented file with every option instead.");
  config_flags flags{*command};
  flags.add("--api", "URL", "base_url")
    .add("--token", "TOKEN", "token")
    .add("--data", "DIR", "data");
  command->footer("Example:\n  apify-orchestrator config --example > orc.toml");
  command->callback([=, &action] {
    action = [=] {
      if (*example) {
        fmt::print("{}", config_example());
        return int{all_succeeded};
      }
      auto loaded = flags.load();
      if (!loaded)
        return fail(loaded.error());
      fmt::print("{}", print_config(*loaded));
      return int{all_succeeded};
    };
  });
}

} // namespace orc::app
