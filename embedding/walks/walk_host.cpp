#include "embedding/walks/walk_host.hpp"

#include "actors/walk/walks.hpp"
#include "embedding/ask.hpp"
#include "embedding/shutdown.hpp"
#include "embedding/walks/page_processors.hpp"
#include "embedding/walks/walk_sources.hpp"
#include "persistence/sqlite/walk_store.hpp"
#include "transport/http/client.hpp"
#include "transport/operators/operator_caller.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <chrono>
#include <utility>
#include <variant>

namespace orc {

namespace {

/// How long the end waits for pages; what is left is repeated by the next
/// process, unless it must not be.
constexpr std::chrono::seconds page_patience{5};

/// @returns where batches are stored beside all else.
caf::expected<walk_store_options> place_of(const store_choice& x) {
  walk_store_options result;
  if (const auto* folder = std::get_if<in_directory>(&x)) {
    result.directory = folder->directory;
    result.key = folder->seal_key;
  } else if (!std::holds_alternative<in_memory>(x)) {
    return make_error(ec::bad_config,
                      "batches need a store on disk: take another one than "
                      "kvs, or give an actor that stores them");
  }
  return result;
}

} // namespace

struct walk_host::impl {
  impl(caf::actor_system& host, walk_host_parts wishes)
    : system{host}, parts{std::move(wishes)} {
    // nop
  }

  ~impl() {
    if (walks)
      std::ignore = ask<saved>(system, walks, drain_walks{page_patience},
                               page_patience + std::chrono::seconds{1});
    shut_down(system, {caf::actor_cast<caf::actor>(walks)});
    shut_down(system, {caf::actor_cast<caf::actor>(processors),
                       caf::actor_cast<caf::actor>(sources),
                       caf::actor_cast<caf::actor>(caller)});
    if (own_store)
      shut_down(system, {caf::actor_cast<caf::actor>(own_store)});
    parts.client->stop();
  }

  caf::error open_store(const store_choice& where) {
    auto place = place_of(where);
    if (!place)
      return std::move(place.error());
    auto opened = open_walk_store(system, *place);
    if (!opened)
      return std::move(opened.error());
    own_store = *opened;
    return {};
  }

  caf::error open(const walks_options& options, const store_choice& where) {
    if (!options.store)
      if (auto err = open_store(where))
        return err;
    caller = system.spawn(operator_caller, parts.client);
    sources = system.spawn(walk_sources,
                           walk_sources_parts{parts.client, parts.readings,
                                              parts.storage});
    processors
      = system.spawn(page_processors, page_processors_parts{caller, parts.tasks,
                                                            parts.orchestrator,
                                                            options.classes});
    walks = system.spawn(orc::walks,
                         walks_parts{options.store ? options.store : own_store,
                                     sources, processors, options.takes_up});
    return {};
  }

  caf::actor_system& system;
  walk_host_parts parts;
  walk_store_actor own_store;
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
walk_host::open(caf::actor_system& system, const walks_options& options,
                const store_choice& place, walk_host_parts parts) {
  auto result = std::make_unique<impl>(system, std::move(parts));
  if (auto err = result->open(options, place))
    return err;
  return std::unique_ptr<walk_host>{new walk_host{std::move(result)}};
}

const walks_actor& walk_host::walks() const noexcept {
  return impl_->walks;
}

} // namespace orc
