#include "app/pool/worker_command.hpp"

#include "messages/base/percent.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace orc::app {

namespace {

constexpr milliseconds kit_margin{2'000};

std::string seconds(milliseconds x) {
  return fmt::format("{}", static_cast<double>(x.count()) / 1000);
}

std::vector<std::string>
kit_command(const worker_entry& x, const std::string& binary) {
  std::vector<std::string> result{binary,        "worker",
                                  "--channel",   x.channel,
                                  "--parallel",  std::to_string(x.parallel),
                                  "--lease",     seconds(x.lease),
                                  "--timeout",   seconds(x.timeout),
                                  "--grace",     seconds(x.grace),
                                  "--idle-exit", seconds(x.idle_exit),
                                  "--quiet"};
  if (x.response)
    result.emplace_back("--response");
  if (x.whole_task)
    result.emplace_back("--whole-task");
  result.emplace_back("--");
  result.insert(result.end(), x.command.begin(), x.command.end());
  return result;
}

/// @returns the URL as Crew's clients want it: with the token as its password,
///          in which a URL's own characters are escaped, and a slash behind.
secret crew_url(const pool_world& world) {
  if (world.token.empty() || !world.wants_token)
    return secret{world.url + "/"};
  auto host = world.url.find("://");
  host = host == std::string::npos ? 0 : host + 3;
  return secret{fmt::format("{}crew:{}@{}/", world.url.substr(0, host),
                            percent_encode(world.token.reveal()),
                            world.url.substr(host))};
}

} // namespace

void complete_type(worker_type& type, const worker_entry& entry,
                   const pool_world& world, const std::string& binary) {
  std::vector<std::pair<std::string, secret>> ours{
    {"ORCHESTRATOR_URL", secret{world.url}},
    {"ORCHESTRATOR_TOKEN", world.token},
    {"ORCHESTRATOR_CHANNEL", secret{type.channel}},
    {"CREW_API_BASE_URL", crew_url(world)}};
  ours.insert(ours.end(), type.variables.begin(), type.variables.end());
  type.variables = std::move(ours);
  if (type.protocol != worker_protocol::task)
    return;
  type.command = kit_command(entry, binary);
  // After its command's it needs a moment to give the task back.
  type.grace += kit_margin;
}

std::string own_binary() {
  return std::filesystem::read_symlink("/proc/self/exe").string();
}

} // namespace orc::app
