#include "embedding/death_watch.hpp"

#include "embedding/shutdown.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <utility>

namespace orc {

death_watch::death_watch(caf::actor_system& system) : system_{system} {
  // nop
}

death_watch::~death_watch() {
  end();
}

void death_watch::watch(const orchestrator_actor& watched,
                        std::function<void()> f) {
  end();
  if (!f)
    return;
  watcher_ = system_.spawn([watched, f](caf::event_based_actor* self) {
    self->monitor(watched);
    self->set_down_handler([=](const caf::down_msg&) {
      f();
      self->quit();
    });
    return caf::behavior{[](caf::unit_t) {
      // It listens to nothing but the end.
    }};
  });
}

/// Waits until the last one is gone, so that its function may be, too.
void death_watch::end() {
  shut_down(system_, {watcher_});
  watcher_ = nullptr;
}

} // namespace orc
