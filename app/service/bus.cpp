#include "app/service/bus.hpp"

#include "actors/bus/bridge.hpp"
#include "app/config/bus.hpp"
#include "app/service/service.hpp"
#include "embedding/ask.hpp"
#include "embedding/shutdown.hpp"
#include "transport/bus/link.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include <tuple>
#include <utility>

namespace orc::app {

struct service_bus::impl {
  explicit impl(caf::actor_system& x) : system{x} {
    // nop
  }

  caf::actor_system& system;
  bus_bridge_actor bridge;
  bus_link_actor link;
};

service_bus::service_bus(std::unique_ptr<impl> x) : impl_{std::move(x)} {
  // nop
}

service_bus::~service_bus() {
  stop();
}

caf::expected<std::unique_ptr<service_bus>>
service_bus::open(service& host, const config& options,
                  const api_caller_actor& caller, std::vector<api_verb> verbs) {
  auto settings = bus_settings_of(options);
  if (!settings)
    return std::move(settings.error());
  auto& system = host.system();
  auto result = std::make_unique<impl>(system);
  if (!*settings) {
    // What would mark now for nobody.
    if (host.store().tasks)
      caf::anon_send(caf::actor_cast<task_marks_actor>(host.store().tasks),
                     follow_marks{false});
    return std::unique_ptr<service_bus>{new service_bus{std::move(result)}};
  }
  auto store = ask<store_health>(system, host.store().runs, check_store{});
  if (!store)
    return std::move(store.error());
  bus_config rules;
  rules.instance = (*settings)->instance;
  rules.max_in_flight = (*settings)->max_in_flight;
  rules.max_requests = (*settings)->max_requests;
  // It connects, which blocks.
  auto link = system.spawn<caf::detached>(bus::bus_link, **settings);
  bus_parts parts;
  parts.link = link;
  parts.caller = caller;
  parts.outbox = host.store().hooks;
  parts.store = caf::actor_cast<bus_store_actor>(host.store().runs);
  parts.tasks = host.tasks();
  parts.operators = host.operators();
  parts.marks = caf::actor_cast<task_marks_actor>(host.store().tasks);
  parts.store_id = store->instance;
  parts.verbs = std::move(verbs);
  result->link = link;
  result->bridge = system.spawn(bus_bridge, std::move(rules), std::move(parts));
  return std::unique_ptr<service_bus>{new service_bus{std::move(result)}};
}

bus_status_actor service_bus::status() const {
  return impl_->bridge ? caf::actor_cast<bus_status_actor>(impl_->bridge)
                       : bus_status_actor{};
}

void service_bus::stop() {
  if (auto bridge = std::exchange(impl_->bridge, nullptr))
    shut_down(impl_->system, {caf::actor_cast<caf::actor>(bridge)});
  auto link = std::exchange(impl_->link, nullptr);
  if (!link)
    return;
  // What the bridge said last goes out before the link does.
  std::ignore = ask<bus_flushed>(impl_->system, link, flush_bus{});
  shut_down(impl_->system, {caf::actor_cast<caf::actor>(link)});
}

} // namespace orc::app
