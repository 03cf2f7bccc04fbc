#pragma once

#include "messages/orchestrator.hpp"

#include <caf/actor.hpp>

#include <functional>

namespace caf {
class actor_system;
} // namespace caf

namespace orc {

/// Tells whoever asked for it that an ORCHESTRATOR has ended.
class death_watch {
public:
  explicit death_watch(caf::actor_system& system);
  ~death_watch();

  death_watch(const death_watch&) = delete;
  death_watch& operator=(const death_watch&) = delete;

  /// Calls `f` once `watched` ends, in place of the function before, which is
  /// not called any more once this returns. Nothing is called by an empty
  /// function.
  void watch(const orchestrator_actor& watched, std::function<void()> f);

private:
  void end();

  caf::actor_system& system_;
  caf::actor watcher_;
};

} // namespace orc
