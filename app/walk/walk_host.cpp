#include "app/walk/walk_host.hpp"

#include "actors/walk/walks.hpp"
#include "app/config/listen_address.hpp"
#include "app/sources/walk_sources.hpp"
#include "app/walk/page_processors.hpp"
#include "embedding/ask.hpp"
#include "embedding/shutdown.hpp"
#include "persistence/sqlite/walk_store.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/client.hpp"
#include "transport/operators/operator_caller.hpp"

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <chrono>
#include <utility>

namespace orc::app {

namespace {

/// How long the end waits for pages; what is left is repeated by the next
/// process, unless it must not be.
constexpr std::chrono::seconds page_patience{5};

} // namespace

struct walk_host::impl {
  explicit impl(service& host) : system{host.system()} {
    // nop
  }

  ~impl() {
    if (walks)
      std::ignore = ask<saved>(system, walks, drain_walks{page_patience},
                               page_patience + std::chrono::seconds{1});
    system.registry().erase(caf::atom("walks"));
    shut_down(system, {caf::actor_cast<caf::actor>(walks)});
    shut_down(system, {caf::actor_cast<caf::actor>(processors),
                       caf::actor_cast<caf::actor>(sources),
                       caf::actor_cast<caf::actor>(caller)});
    shut_down(system, {caf::actor_cast<caf::actor>(store)});
    if (http)
      http->stop();
  }

  caf::error open(service& host, const config& options, bool take_up) {
    walk_store_options place;
    if (options.store == store_kind::sqlite)
      place.directory = options.data;
    place.key = options.seal_key;
    auto opened = open_walk_store(system, place);
    if (!opened)
      return opened.error();
    store = *opened;
    // As for endpoints that do tasks: a URL that somebody else can set must
    // lead to no neighbour of ours, unless that is wished.
    http::client_options rules;
    rules.public_only
      = !options.tasks.allow_private && !listens_on_loopback(options.listen);
    http = std::make_shared<http::client>(host.runtime(), rules);
    caller = system.spawn(operator_caller, http);
    sources
      = system.spawn(walk_sources, walk_sources_parts{http, host.readings(),
                                                      host.platform().storage});
    processors = system.spawn(page_processors,
                              page_processors_parts{caller, host.tasks(),
                                                    host.orchestrator()});
    walks = system.spawn(orc::walks,
                         walks_parts{store, sources, processors, take_up});
    // For the routes of the HTTP API.
    system.registry().put(caf::atom("walks"),
                          caf::actor_cast<caf::actor>(walks));
    return {};
  }

  caf::actor_system& system;
  std::shared_ptr<http::client> http;
  walk_store_actor store;
  operator_caller_actor caller;
  walk_sources_actor sources;
  page_processors_actor processors;
  walks_actor walks;
};

walk_host::walk_host(std::unique_ptr<impl> x) : impl_{std::move(x)} {
  // nop
}

walk_host::~walk_host() = default;

caf::expected<std::unique_ptr<walk_host>>
walk_host::open(service& host, const config& options, bool take_up) {
  if (options.store == store_kind::kvs)
    return make_error(ec::bad_config, "batches need a store on disk: take "
                                      "another one than kvs");
  auto result = std::make_unique<impl>(host);
  if (auto err = result->open(host, options, take_up))
    return err;
  return std::unique_ptr<walk_host>{new walk_host{std::move(result)}};
}

const walks_actor& walk_host::walks() const noexcept {
  return impl_->walks;
}

} // namespace orc::app
