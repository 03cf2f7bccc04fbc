#include "app/service/service.hpp"

#include "app/config/budgets.hpp"
#include "app/config/bus.hpp"
#include "app/config/listen_address.hpp"
#include "app/config/load.hpp"
#include "app/config/webhooks.hpp"
#include "app/service/system_settings.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <utility>

namespace orc::app {

namespace {

store_choice store_of(const config& x) {
  switch (x.store) {
    case store_kind::memory:
      return in_memory{};
    case store_kind::kvs:
      return in_key_value_store{x.kvs.store, x.kvs.prefix, x.kvs.encryption_key,
                                x.at_home ? x.at_home->run_id : ""};
    default:
      return in_directory{x.data, x.seal_key, x.full_check};
  }
}

/// @returns whether URLs that users give may lead to this machine and to
///          private networks.
bool reaches_neighbours(const config& x) {
  return x.tasks.allow_private || listens_on_loopback(x.listen);
}

} // namespace

caf::expected<orchestrator_options> options_of(const config& x) {
  auto hooks = webhooks_of(x);
  if (!hooks)
    return std::move(hooks.error());
  orchestrator_options result;
  result.settings = settings_of(x);
  result.store = store_of(x);
  result.webhooks = std::move(*hooks);
  result.keep_deliveries = std::chrono::hours{24 * x.retention_days};
  // What may be spoken to so is checked before, see `check_accounts`.
  result.allow_plain_http = true;
  if (auto bus = bus_filter(x))
    result.outboxes.push_back(std::move(*bus));
  result.budgets = budgets_of(x.budgets);
  result.cost_patience = x.timing.cost_patience;
  result.tasks = {x.tasks.lease, x.tasks.virtual_operator,
                  x.tasks.virtual_token, reaches_neighbours(x)};
  return result;
}

std::optional<walks_options> walks_of(const config& x, bool take_up) {
  if (x.store == store_kind::kvs)
    return std::nullopt;
  walks_options result;
  result.takes_up = take_up;
  result.allow_private = reaches_neighbours(x);
  return result;
}

chore_rules chores_of(const config& x) {
  return {x.report_interval, std::chrono::hours{24 * x.retention_days},
          std::chrono::hours{24 * x.tasks.keep_groups_days}};
}

struct service_host::impl {
  system_settings settings;
  // First, so that it goes last: actors may hold it until they end.
  std::shared_ptr<io_runtime> runtime = make_runtime();
  caf::actor_system system{settings};
};

service_host::service_host() : impl_{std::make_unique<impl>()} {
  // nop
}

service_host::service_host(service_host&&) noexcept = default;

service_host::~service_host() = default;

caf::actor_system& service_host::system() noexcept {
  return impl_->system;
}

io_runtime& service_host::runtime() noexcept {
  return *impl_->runtime;
}

service::service(service_host host, embedded_orchestrator parts)
  : service_host{std::move(host)}, embedded_orchestrator{std::move(parts)} {
  // nop
}

caf::error
service::change_store(const config& options, const store_step& change) {
  auto wishes = options_of(options);
  if (!wishes)
    return std::move(wishes.error());
  service_host host;
  wishes->before = change;
  wishes->runtime = host.impl_->runtime;
  return embedded_orchestrator::change_store(host.system(), *wishes);
}

caf::expected<std::unique_ptr<service>>
service::open(const config& options, const store_step& before,
              const health_step& recovering,
              std::optional<walks_options> walks) {
  auto wishes = options_of(options);
  if (!wishes)
    return std::move(wishes.error());
  service_host host;
  wishes->before = before;
  wishes->recovering = recovering;
  wishes->walks = std::move(walks);
  wishes->runtime = host.impl_->runtime;
  auto opened = embedded_orchestrator::open(host.system(), *wishes);
  if (!opened)
    return std::move(opened.error());
  return std::unique_ptr<service>{
    new service{std::move(host), std::move(*opened)}};
}

caf::expected<reloaded> service::reload(const config& options) {
  return change({accounts_of(options), budgets_of(options.budgets)});
}

} // namespace orc::app
