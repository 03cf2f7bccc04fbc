#include "embedding/stores.hpp"

#include "embedding/ask.hpp"
#include "embedding/shutdown.hpp"
#include "persistence/kvs/open.hpp"
#include "persistence/memory/run_store.hpp"
#include "persistence/sqlite/open.hpp"
#include "persistence/sqlite/task_store.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

namespace orc {

namespace {

/// A store that there is no id of is meant by its name.
caf::expected<std::string>
id_of(caf::actor_system& system, const apify_storage_actor& storage,
      const std::string& store) {
  auto keys = ask<record_keys>(system, storage, list_records{store, {}, {}});
  if (keys)
    return store;
  if (code_of(keys.error()) != ec::not_found)
    return std::move(keys.error());
  auto opened = ask<record_store>(system, storage, open_record_store{store});
  if (!opened)
    return std::move(opened.error());
  return std::move(opened->id);
}

/// Opens what a choice tells.
struct opener {
  caf::actor_system& system;
  const apify_storage_actor& storage;
  std::function<void()>& taken_over;

  caf::expected<store_actors> operator()(const in_memory&) const {
    store_actors result;
    auto store = system.spawn(memory_run_store);
    result.runs = store;
    result.hooks = store;
    result.splits = store;
    result.batches = store;
    return result;
  }

  caf::expected<store_actors> operator()(const in_directory& x) const {
    auto opened
      = open_sqlite_store(system, {x.directory, x.seal_key, x.full_check});
    if (!opened)
      return std::move(opened.error());
    store_actors result;
    result.runs = *opened;
    result.hooks = caf::actor_cast<hook_store_actor>(*opened);
    result.splits = caf::actor_cast<split_store_actor>(*opened);
    result.batches = caf::actor_cast<batch_store_actor>(*opened);
    result.ledger = caf::actor_cast<ledger_store_actor>(*opened);
    result.samples = caf::actor_cast<sample_store_actor>(*opened);
    result.starts = caf::actor_cast<start_store_actor>(*opened);
    return result;
  }

  caf::expected<store_actors> operator()(const in_key_value_store& x) const {
    if (!storage)
      return make_error(ec::unauthorized,
                        "there is no Apify token, so that the state cannot be "
                        "kept in a key-value store: set APIFY_TOKEN");
    auto id = id_of(system, storage, x.store);
    if (!id)
      return std::move(id.error());
    kvs_store_options options;
    options.storage = storage;
    options.store_id = std::move(*id);
    options.prefix = x.prefix;
    options.encryption_key = x.encryption_key;
    options.owner = x.owner;
    options.taken_over = std::move(taken_over);
    auto opened = open_kvs_store(system, options);
    if (!opened)
      return std::move(opened.error());
    return store_actors{*opened};
  }

  caf::expected<store_actors> operator()(const store_actors& x) const {
    return x;
  }
};

/// Opens the tasks beside the runs of a store that is open.
caf::error open_tasks(caf::actor_system& system, const store_choice& choice,
                      store_actors& opened) {
  auto folder = std::filesystem::path{};
  if (const auto* x = std::get_if<in_directory>(&choice))
    folder = x->directory;
  else if (!std::holds_alternative<in_memory>(choice))
    return {};
  auto tasks = open_task_store(system, folder);
  if (!tasks)
    return std::move(tasks.error());
  opened.tasks = *tasks;
  return {};
}

} // namespace

caf::expected<store_actors>
open_store(caf::actor_system& system, const store_choice& choice,
           const apify_storage_actor& storage,
           std::function<void()> taken_over) {
  auto result = std::visit(opener{system, storage, taken_over}, choice);
  if (!result)
    return result;
  if (auto err = open_tasks(system, choice, *result)) {
    close_store(system, *result);
    return err;
  }
  return result;
}

void close_store(caf::actor_system& system, const store_actors& x) {
  // Whoever has the runs holds the lock of a directory, so they go last.
  shut_down(system, {caf::actor_cast<caf::actor>(x.tasks)});
  shut_down(system, {caf::actor_cast<caf::actor>(x.runs)});
}

} // namespace orc
