#include "embedding/shutdown.hpp"

#include <caf/actor_system.hpp>
#include <caf/after.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/system_messages.hpp>

#include <chrono>

namespace orc {

namespace {

/// Time enough for the last commit of a store on a slow disk.
constexpr std::chrono::seconds grace{5};

/// @returns how many are left after the time of grace.
std::size_t wait_for_exits(caf::scoped_actor& self, std::size_t left) {
  auto late = false;
  while (left > 0 && !late)
    self->receive([&](const caf::down_msg&) { --left; },
                  caf::after(grace) >> [&] { late = true; });
  return left;
}

} // namespace

void shut_down(caf::actor_system& system, const std::vector<caf::actor>& xs) {
  caf::scoped_actor self{system};
  std::size_t left = 0;
  for (const auto& x : xs)
    if (x) {
      self->monitor(x);
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
      ++left;
    }
  if (wait_for_exits(self, left) == 0)
    return;
  for (const auto& x : xs)
    if (x)
      caf::anon_send_exit(x, caf::exit_reason::kill);
}

} // namespace orc
