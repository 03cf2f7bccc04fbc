#pragma once

#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace orc {

/// Asks an actor and waits for the answer, as long as it takes or as `timeout`
/// says; for threads that are no actors.
template <class Response, class Handle, class Message>
caf::expected<Response>
ask(caf::actor_system& system, const Handle& to, Message request,
    std::optional<std::chrono::milliseconds> timeout = std::nullopt) {
  caf::scoped_actor self{system};
  caf::expected<Response> result{caf::sec::request_timeout};
  self
    ->request(to, timeout ? caf::duration{*timeout} : caf::infinite,
              std::move(request))
    .receive([&](Response& x) { result = std::move(x); },
             [&](caf::error& x) { result = std::move(x); });
  return result;
}

} // namespace orc
