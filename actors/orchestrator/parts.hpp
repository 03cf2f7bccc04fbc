#pragma once

#include "messages/apify_api.hpp"
#include "messages/budget.hpp"
#include "messages/event.hpp"
#include "messages/run_store.hpp"
#include "messages/settings.hpp"

#include <functional>

namespace orc {

/// What an ORCHESTRATOR is built upon. A host may bring its own store, its own
/// way to the platform, or both.
struct orchestrator_parts {
  run_store_actor store;
  events_actor events;
  /// Asked before each start; nobody where money is not counted.
  budgets_actor budgets = {};
  /// Makes the APIFY API of an account; called once for each account.
  std::function<apify_api_actor(const account_settings&)> connect;
};

} // namespace orc
