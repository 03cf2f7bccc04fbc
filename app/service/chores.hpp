#pragma once

#include "app/config/config.hpp"

#include <caf/actor.hpp>

#include <vector>

namespace caf {
class actor_system;
} // namespace caf

namespace orc::app {

class service;

/// What a service does by itself while it is up: reports, and forgets what is
/// old.
class chores {
public:
  chores(service& host, const config& options);
  ~chores();

  chores(const chores&) = delete;
  chores& operator=(const chores&) = delete;

private:
  caf::actor_system& system_;
  std::vector<caf::actor> actors_;
};

} // namespace orc::app
