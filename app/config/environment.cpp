#include "app/config/environment.hpp"

#include "app/config/config_file.hpp"

#include <array>
#include <cstdlib>

namespace orc::app {

namespace {

struct binding {
  std::string_view variable;
  std::string_view option;
};

constexpr std::array bindings{
  binding{"APIFY_TOKEN", "token"},
  binding{"APIFY_API_BASE_URL", "base_url"},
  binding{"ORCHESTRATOR_DATA", "data"},
  binding{"ORCHESTRATOR_TOKEN", "api_token"},
  binding{"ORCHESTRATOR_ENCRYPTION_KEY", "kvs.encryption_key"},
  // Whoever comes from Crew has set these.
  binding{"CREW_ABANDONED_TASK_INTERVAL_IN_SECONDS", "tasks.lease"},
  binding{"CREW_VIRTUAL_OPERATOR_BASE_URL", "tasks.virtual_operator"},
  binding{"CREW_VIRTUAL_OPERATOR_AUTH_TOKEN", "tasks.virtual_token"},
  binding{"CREW_EXPIRED_GROUP_INTERVAL_IN_DAYS", "tasks.keep_groups_days"},
};

} // namespace

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const auto* value = std::getenv(name.c_str());
    if (!value || !*value)
      return std::nullopt;
    return value;
  };
}

std::string_view variable_of(std::string_view option) {
  for (const auto& x : bindings)
    if (x.option == option)
      return x.variable;
  return {};
}

caf::error read_environment(const environment& env, config& x) {
  for (const auto& [variable, option] : bindings)
    if (auto value = env(std::string{variable}))
      if (auto err = set_option(x, option, *value, std::string{variable}))
        return err;
  return {};
}

} // namespace orc::app
