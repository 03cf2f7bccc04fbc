#include "app/cli/command_line.hpp"

#include "app/config/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace orc::app {

config_flags::config_flags(CLI::App& command) : command_{&command} {
  command
    .add_option("--config", overrides_->file,
                "Configuration file in TOML; see `config --example`.")
    ->type_name("FILE")
    ->group("Configuration");
}

config_flags&
config_flags::add(const std::string& flag, const std::string& value_name,
                  const std::string& option) {
  auto doc = option_doc(option);
  if (auto variable = variable_of(option); !variable.empty())
    doc += fmt::format(" Environment: {}.", variable);
  auto set = [xs = overrides_, option, flag](const std::string& text) {
    xs->entries.push_back({option, text, flag});
  };
  command_->add_option_function<std::string>(flag, set, doc)
    ->type_name(value_name)
    ->group("Configuration");
  return *this;
}

config_flags&
config_flags::add_switch(const std::string& flag, const std::string& option) {
  auto set = [xs = overrides_, option, flag](std::int64_t) {
    xs->entries.push_back({option, "true", flag});
  };
  command_->add_flag_function(flag, set, option_doc(option))
    ->group("Configuration");
  return *this;
}

config_flags& config_flags::add_logging() {
  return add("--log-level", "LEVEL", "log.level")
    .add("--log-format", "FORMAT", "log.format");
}

bool config_flags::has(std::string_view option) const {
  const auto& xs = overrides_->entries;
  return std::any_of(xs.begin(), xs.end(),
                     [=](const auto& x) { return x.option == option; });
}

caf::expected<config> config_flags::load() const {
  return load_config(*overrides_, process_environment());
}

int fail(const caf::error& problem) {
  return fail(message_of(problem));
}

int fail(const std::string& problem) {
  // Where nobody can be told, the code still tells: this must not throw.
  std::fputs(fmt::format("apify-orchestrator: {}\n", problem).c_str(), stderr);
  return bad_usage;
}

} // namespace orc::app
