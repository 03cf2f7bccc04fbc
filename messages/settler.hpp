#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/message.hpp"

#include <caf/typed_actor.hpp>

namespace orc {

/// Tells the SETTLER that a run became final and that is durable.
struct settle_later {
  static constexpr auto fields
    = describe("settle_later", "A run is to be settled in a while.");
};

/// The SETTLER interface: makes what a finished run brought and cost right when
/// the platform's first answer was preliminary, without anybody waiting for it.
/// What is to be settled is in the store, so that nothing is forgotten when the
/// process ends: it publishes `run.settled` once that is durable.
using settler_actor = caf::typed_actor<caf::reacts_to<settle_later>>;

} // namespace orc

#define ORC_SETTLER_MESSAGES(X) X(orc::settle_later)

ORC_SETTLER_MESSAGES(ORC_DECLARE_MESSAGE)
