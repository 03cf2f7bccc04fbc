#include "app/cli/client_flags.hpp"

#include <fmt/format.h>

namespace orc::app {

std::shared_ptr<client_flags> add_client_flags(CLI::App& command) {
  auto x = std::make_shared<client_flags>();
  command
    .add_option("--url", x->url,
                "Where the service is. Environment: "
                "ORCHESTRATOR_URL.")
    ->envname("ORCHESTRATOR_URL")
    ->type_name("URL")
    ->capture_default_str();
  command
    .add_option("--token", x->token,
                "Its token. Environment: "
                "ORCHESTRATOR_TOKEN.")
    ->envname("ORCHESTRATOR_TOKEN")
    ->type_name("T");
  command.add_option("--namespace", x->space, "Where names are looked for.")
    ->type_name("NAME")
    ->capture_default_str();
  command.add_flag("--json", x->json, "Print JSON.");
  return x;
}

std::unique_ptr<api_client> connect(const client_flags& x) {
  return std::make_unique<api_client>(x.url, secret{x.token});
}

std::shared_ptr<std::vector<std::string>> add_names(CLI::App& command) {
  auto names = std::make_shared<std::vector<std::string>>();
  command.add_option("NAME", *names, "Names of runs.");
  return names;
}

caf::error about(const std::string& name, const caf::error& problem) {
  if (code_of(problem) != ec::unknown_run)
    return problem;
  return make_error(ec::unknown_run,
                    fmt::format("no run is called `{}`: `status` lists those "
                                "that there are",
                                name));
}

} // namespace orc::app
