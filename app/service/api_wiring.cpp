#include "app/service/api_wiring.hpp"

#include "app/config/listen_address.hpp"
#include "app/config/load.hpp"
#include "embedding/ask.hpp"

#include <chrono>
#include <utility>

namespace orc::app {

namespace {

/// What serves `/v2/…`, the platform's API with a queue in front.
caf::expected<platform_link>
link_platform(service& host, const config& options) {
  auto store
    = ask<store_health>(host.system(), host.store().runs, check_store{});
  if (!store)
    return store.error();
  auto rules = settings_of(options);
  return platform_link{host.client(),     rules.base_url,      rules.accounts,
                       host.store().runs, host.store().starts, store->instance};
}

} // namespace

caf::expected<api_server_options> server_options(const config& x) {
  auto address = parse_listen_address(x.listen);
  if (!address)
    return address.error();
  api_server_options result;
  result.address = address->host;
  result.port = address->port;
  result.crew_mount = x.tasks.mount;
  result.group_age = std::chrono::hours{24 * x.tasks.keep_groups_days};
  if (!x.api_token.empty())
    result.tokens.push_back(x.api_token);
  if (auto err = result.validate())
    return err;
  return result;
}

caf::expected<api_parts> api_parts_of(service& host, const config& options) {
  auto platform = link_platform(host, options);
  if (!platform)
    return std::move(platform.error());
  api_parts result;
  result.orchestrator = host.orchestrator();
  result.events = host.events();
  result.hooks = host.hooks();
  result.splits = host.splits();
  result.readings = host.readings();
  result.batches = host.batches();
  result.tasks = host.tasks();
  result.task_store = host.store().tasks;
  result.operators = host.operators();
  result.schedules = host.schedules();
  result.walks = host.walks();
  result.platform = std::move(*platform);
  result.health = host.health();
  return result;
}

} // namespace orc::app
