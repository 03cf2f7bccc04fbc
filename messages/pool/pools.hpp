#pragma once

#include "messages/pool/pool.hpp"

#include <vector>

namespace orc {

/// Asks how all pools stand.
struct get_pools {
  static constexpr auto fields = describe("get_pools", "Asks for all pools.");
};

/// Says which pools there are.
struct keep_pools {
  std::vector<pool_actor> pools;

  template <class Inspector>
  friend auto inspect(Inspector& f, keep_pools& x) {
    return f(caf::meta::type_name("keep_pools"), x.pools);
  }
};

/// The POOLS interface: knows all pools of a service.
using pools_actor
  = caf::typed_actor<caf::reacts_to<keep_pools>,
                     // Without those that do not answer any more.
                     caf::replies_to<get_pools>::with<pool_views>>;

} // namespace orc

#define ORC_POOLS_MESSAGES(X)                                                  \
  X(orc::get_pools)                                                            \
  X(orc::keep_pools)                                                           \
  X(orc::pool_views)

ORC_POOLS_MESSAGES(ORC_DECLARE_MESSAGE)
