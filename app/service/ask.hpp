#pragma once

#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>

#include <utility>

namespace orc::app {

/// Asks an actor and waits for the answer; for threads that are no actors.
template <class Response, class Handle, class Message>
caf::expected<Response>
ask(caf::actor_system& system, const Handle& to, Message request,
    caf::duration timeout = caf::infinite) {
  caf::scoped_actor self{system};
  caf::expected<Response> result{caf::sec::request_timeout};
  self->request(to, timeout, std::move(request))
    .receive([&](Response& x) { result = std::move(x); },
             [&](caf::error& x) { result = std::move(x); });
  return result;
}

} // namespace orc::app
