#pragma once

#include "messages/walk/page_source.hpp"
#include "messages/walk/walks.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

namespace orc {

// What WALKS says to itself.

/// Starts a batch again whose WALK died.
struct revive_walk {
  std::string name;
  /// How often it has been tried.
  std::uint32_t attempt = 1;

  static constexpr auto fields
    = describe("revive_walk", "Starts a batch again.",
               field("name", &revive_walk::name, "Which."),
               field("attempt", &revive_walk::attempt, "How often."));
};

/// Somebody who waits for a batch that nobody works on just now.
struct walk_waiter {
  wait_walk request;
  timestamp until;
  caf::typed_response_promise<walk_view> promise;

  template <class Inspector>
  friend auto inspect(Inspector& f, walk_waiter& x) {
    return f(caf::meta::type_name("walk_waiter"), x.request, x.until);
  }
};

using walks_self = walks_actor::extend<caf::reacts_to<revive_walk>,
                                       caf::reacts_to<walk_waiter>>;

} // namespace orc
