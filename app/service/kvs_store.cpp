#include "app/service/kvs_store.hpp"

#include "app/service/ask.hpp"
#include "persistence/kvs/open.hpp"

#include <utility>

namespace orc::app {

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

} // namespace

caf::expected<run_store_actor>
open_kvs_store(caf::actor_system& system, const config& options,
               const apify_storage_actor& storage,
               std::function<void()> taken_over) {
  if (!storage)
    return make_error(ec::unauthorized,
                      "there is no Apify token, so that the state cannot be "
                      "kept in a key-value store: set APIFY_TOKEN");
  auto id = id_of(system, storage, options.kvs.store);
  if (!id)
    return std::move(id.error());
  kvs_store_options result;
  result.storage = storage;
  result.store_id = std::move(*id);
  result.prefix = options.kvs.prefix;
  result.encryption_key = options.kvs.encryption_key;
  result.owner = options.at_home ? options.at_home->run_id : "";
  result.taken_over = std::move(taken_over);
  return orc::open_kvs_store(system, result);
}

} // namespace orc::app
