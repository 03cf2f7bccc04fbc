#pragma once

#include "embedding/options.hpp"

#include <memory>
#include <utility>

namespace orc {

/// What sends over the network. Whoever holds it holds the thread of sockets,
/// too: actors may keep it a moment longer than the orchestrator lives.
template <class Sender>
struct bound_sender {
  template <class... Ts>
  explicit bound_sender(std::shared_ptr<io_runtime> runtime, Ts&&... xs)
    : thread{std::move(runtime)}, sender{*thread, std::forward<Ts>(xs)...} {
    // nop
  }

  std::shared_ptr<io_runtime> thread;
  Sender sender;
};

/// Makes a `Sender` that is bound to its thread of sockets.
template <class Sender, class... Ts>
std::shared_ptr<Sender>
make_sender(const std::shared_ptr<io_runtime>& runtime, Ts&&... xs) {
  auto bound
    = std::make_shared<bound_sender<Sender>>(runtime, std::forward<Ts>(xs)...);
  return {bound, &bound->sender};
}

} // namespace orc
