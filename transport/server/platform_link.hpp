#pragma once

#include "messages/run_store.hpp"
#include "messages/settings.hpp"
#include "messages/start_store.hpp"

#include <memory>
#include <string>
#include <vector>

namespace orc {

namespace http {
class client;
} // namespace http

/// What the gateway in front of the platform's API needs.
struct platform_link {
  /// None: there is no gateway, and `/v2/…` is not found.
  std::shared_ptr<http::client> client;
  /// Where the platform is, as in `account_settings`: `https://api.apify.com`.
  std::string base_url;
  /// The first one is the default account.
  std::vector<account_settings> accounts;
  run_store_actor store;
  /// Nobody if the store has no place for starts without an answer.
  start_store_actor starts;
  /// `store_health::instance`: makes the ids of this store's runs its own.
  std::string instance;
};

} // namespace orc
