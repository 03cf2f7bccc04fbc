#pragma once

#include "app/cli/exit_code.hpp"
#include "app/config/load.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>

namespace orc::app {

/// Set by the command that was chosen; returns an exit code.
using command_action = std::function<int()>;

/// Options of a command that override the configuration.
class config_flags {
public:
  /// Adds `--config`.
  explicit config_flags(CLI::App& command);

  /// Adds a flag such as `--data` for the option `option` of the configuration,
  /// whose description becomes its help.
  config_flags& add(const std::string& flag, const std::string& value_name,
                    const std::string& option);

  /// Adds a flag without a value.
  config_flags& add_switch(const std::string& flag, const std::string& option);

  /// Adds `--log-level` and `--log-format`.
  config_flags& add_logging();

  /// @returns whether the command line sets an option of the configuration.
  bool has(std::string_view option) const;

  [[nodiscard]] caf::expected<config> load() const;

private:
  CLI::App* command_;
  /// Shared with the callbacks of CLI11, which outlive this object's moves.
  std::shared_ptr<overrides> overrides_ = std::make_shared<overrides>();
};

/// Prints an error for people and returns `bad_usage`.
int fail(const caf::error& problem);
int fail(const std::string& problem);

/// Adds one command each; `action` is set if it is the chosen one.
void add_run(CLI::App& app, command_action& action);
void add_split(CLI::App& app, command_action& action);
void add_plan(CLI::App& app, command_action& action);
void add_serve(CLI::App& app, command_action& action);
void add_status(CLI::App& app, command_action& action);
void add_wait(CLI::App& app, command_action& action);
void add_abort(CLI::App& app, command_action& action);
void add_batches(CLI::App& app, command_action& action);
void add_groups(CLI::App& app, command_action& action);
void add_tasks(CLI::App& app, command_action& action);
void add_channels(CLI::App& app, command_action& action);
void add_worker(CLI::App& app, command_action& action);
void add_items(CLI::App& app, command_action& action);
void add_budgets(CLI::App& app, command_action& action);
void add_report(CLI::App& app, command_action& action);
void add_webhooks(CLI::App& app, command_action& action);
void add_config(CLI::App& app, command_action& action);
void add_import(CLI::App& app, command_action& action);
void add_actor(CLI::App& app, command_action& action);
void add_version(CLI::App& app, command_action& action);

} // namespace orc::app
