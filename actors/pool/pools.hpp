#pragma once

#include "messages/pool/pools.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <vector>

namespace orc {

/// Asks all pools how they stand.
class pools_state {
public:
  static inline const char* name = "pools";

  explicit pools_state(pools_actor::pointer self);

  pools_actor::behavior_type make_behavior();

private:
  caf::result<pool_views> views();

  pools_actor::pointer self_;
  std::vector<pool_actor> pools_;
};

/// Starts POOLS.
pools_actor::behavior_type
pools(pools_actor::stateful_pointer<pools_state> self);

} // namespace orc
