#include "app/items/lone_platform.hpp"

#include "actors/reader/run_source.hpp"
#include "app/config/load.hpp"
#include "app/service/service.hpp"
#include "embedding/ask.hpp"
#include "embedding/shutdown.hpp"
#include "transport/apify/apify_api.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/client.hpp"

#include <fmt/format.h>

namespace orc::app {

struct lone_platform::impl {
  explicit impl(const config& options) {
    auto accounts = accounts_of(options);
    if (!accounts.empty())
      api = system.spawn(apify_api, client, accounts.front());
    reading = api;
    storage = api;
    source = system.spawn(run_source, run_source_parts{{}, api, api});
  }

  ~impl() {
    shut_down(system, {caf::actor_cast<caf::actor>(source),
                       caf::actor_cast<caf::actor>(api)});
    client->stop();
    runtime.stop();
  }

  // First, so that it goes last: actors hold the client until they end.
  io_runtime runtime;
  caf::actor_system_config settings;
  caf::actor_system system{settings};
  std::shared_ptr<http::client> client
    = std::make_shared<http::client>(runtime, http::client_options{});
  apify_api_inbox api;
  apify_api_actor reading;
  apify_storage_actor storage;
  page_source_actor source;
};

lone_platform::lone_platform(const config& options)
  : impl_{std::make_unique<impl>(options)} {
  // nop
}

lone_platform::~lone_platform() = default;

caf::actor_system& lone_platform::system() noexcept {
  return impl_->system;
}

const page_source_actor& lone_platform::source() const noexcept {
  return impl_->source;
}

const apify_api_actor& lone_platform::api() const noexcept {
  return impl_->reading;
}

const apify_storage_actor& lone_platform::storage() const noexcept {
  return impl_->storage;
}

caf::expected<std::vector<item_origin>>
find_datasets(const config& options, const std::vector<item_origin>& runs) {
  std::vector<item_origin> result;
  auto look = [&](caf::actor_system& system,
                  const run_store_actor& store) -> caf::error {
    for (const auto& x : runs) {
      if (x.run.empty()) {
        result.push_back(x);
        continue;
      }
      auto found = ask<run_record>(system, store, find_run{{x.space, x.run}});
      if (!found)
        return std::move(found.error());
      if (const auto& id = found->view.dataset_id)
        result.push_back({x.space, {}, *id});
    }
    return {};
  };
  if (auto err = service::change_store(options, look))
    return err;
  return result;
}

} // namespace orc::app
