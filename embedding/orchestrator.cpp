#include "embedding/orchestrator.hpp"

#include "embedding/ask.hpp"
#include "embedding/death_watch.hpp"
#include "embedding/wiring.hpp"

#include <utility>

namespace orc {

struct embedded_orchestrator::impl {
  impl(caf::actor_system& host, const orchestrator_options& options)
    : system{host}, wires{host, options}, death{host} {
    // nop
  }

  caf::actor_system& system;
  wiring wires;
  /// Ends first: it would take the end of the others for an accident.
  death_watch death;
};

embedded_orchestrator::embedded_orchestrator(std::unique_ptr<impl> x)
  : impl_{std::move(x)} {
  // nop
}

embedded_orchestrator::~embedded_orchestrator() = default;

embedded_orchestrator::embedded_orchestrator(
  embedded_orchestrator&&) noexcept = default;

embedded_orchestrator&
embedded_orchestrator::operator=(embedded_orchestrator&&) noexcept = default;

caf::error
embedded_orchestrator::change_store(caf::actor_system& system,
                                    const orchestrator_options& options) {
  return wiring{system, options}.prepare();
}

caf::expected<embedded_orchestrator>
embedded_orchestrator::open(caf::actor_system& system,
                            const orchestrator_options& options) {
  auto result = std::make_unique<impl>(system, options);
  if (auto err = result->wires.open())
    return err;
  return embedded_orchestrator{std::move(result)};
}

const orchestrator_actor& embedded_orchestrator::orchestrator() const noexcept {
  return impl_->wires.actors().orchestrator;
}

health_actor embedded_orchestrator::health() const {
  return caf::actor_cast<health_actor>(impl_->wires.actors().orchestrator);
}

const events_actor& embedded_orchestrator::events() const noexcept {
  return impl_->wires.actors().events;
}

const readings_actor& embedded_orchestrator::readings() const noexcept {
  return impl_->wires.actors().readings;
}

const splits_actor& embedded_orchestrator::splits() const noexcept {
  return impl_->wires.actors().splits;
}

const batches_actor& embedded_orchestrator::batches() const noexcept {
  return impl_->wires.actors().batches;
}

const tasks_actor& embedded_orchestrator::tasks() const noexcept {
  return impl_->wires.actors().tasks;
}

const schedules_actor& embedded_orchestrator::schedules() const noexcept {
  return impl_->wires.actors().schedules;
}

const operators_actor& embedded_orchestrator::operators() const noexcept {
  return impl_->wires.actors().operators;
}

const hooks_actor& embedded_orchestrator::hooks() const noexcept {
  return impl_->wires.actors().hooks;
}

walks_actor embedded_orchestrator::walks() const noexcept {
  return impl_->wires.walks();
}

const store_actors& embedded_orchestrator::store() const noexcept {
  return impl_->wires.actors().stores;
}

const platform_access& embedded_orchestrator::platform() const noexcept {
  return impl_->wires.actors().own;
}

caf::expected<reloaded>
embedded_orchestrator::change(const reload_settings& wishes) {
  // The ORCHESTRATOR's APIFY APIs are its own affair. A host's need not take
  // the change.
  impl_->wires.change_token(wishes.accounts);
  return ask<reloaded>(
    impl_->system, caf::actor_cast<reloading_actor>(orchestrator()), wishes);
}

caf::expected<account_stopped> embedded_orchestrator::stop(bool abort) {
  // First, since the end of its runs would be a page's failure.
  impl_->wires.end_walks();
  return ask<account_stopped>(impl_->system, orchestrator(),
                              stop_service{abort});
}

void embedded_orchestrator::on_death(std::function<void()> f) {
  impl_->death.watch(orchestrator(), std::move(f));
}

bool embedded_orchestrator::is_taken_over() const noexcept {
  return impl_->wires.is_taken_over();
}

const std::shared_ptr<http::client>&
embedded_orchestrator::client() const noexcept {
  return impl_->wires.client();
}

} // namespace orc
