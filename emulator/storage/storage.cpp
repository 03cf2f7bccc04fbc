#include "emulator/storage/storage.hpp"

namespace orc::emulator {

storage::storage(storage_options options)
  : options_(std::move(options)), archive_(disk{options_.directory}),
    datasets_("datasets", archive_), stores_("key-value-stores", archive_),
    queues_("request-queues", archive_) {
  load();
}

void storage::load() {
  datasets_.load();
  datasets_.each([this](dataset& x) {
    archive_.load_items(x.info().id,
                        [&](const parsed_items& items) { x.restore(items); });
  });
  stores_.load();
  stores_.each([this](key_value_store& x) {
    archive_.load_records(x.info().id, [&](auto key, auto record) {
      x.restore(std::move(key), std::move(record));
    });
  });
  queues_.load();
  queues_.each([this](request_queue& x) {
    archive_.load_requests(
      x.info().id,
      [&](const json_value& request, std::int64_t order) {
        x.restore(request, order);
      },
      [&](const std::string& id) { x.remove(id); });
  });
}

// -- what runs need -----------------------------------------------------------

run_storage_ids
storage::create_for_run(const user& owner, std::string_view actor_id,
                        std::string_view run_id) {
  const auto fresh = [&] {
    auto info = new_storage(owner, {});
    info.act_id = actor_id;
    info.act_run_id = run_id;
    return info;
  };
  return {datasets_.create(fresh())->info().id,
          stores_.create(fresh())->info().id,
          queues_.create(fresh())->info().id};
}

void storage::remove_for_run(const run_storage_ids& ids) {
  const auto remove_unnamed = [](auto& catalog, const std::string& id) {
    const auto found = catalog.find(id);
    if (found && found->info().name.empty())
      catalog.remove(id);
  };
  remove_unnamed(datasets_, ids.dataset_id);
  remove_unnamed(stores_, ids.key_value_store_id);
  remove_unnamed(queues_, ids.request_queue_id);
}

void storage::push_items(std::string_view dataset_id,
                         std::vector<std::string> items) {
  const auto to = datasets_.find(std::string{dataset_id});
  if (!to || items.empty())
    return;
  auto array = std::string{"["};
  for (const auto& item : items)
    array.append(item).push_back(',');
  array.back() = ']';
  push(*to, parse_items(array));
}

std::uint64_t storage::item_count(std::string_view dataset_id) const {
  const auto found = datasets_.find(std::string{dataset_id});
  return found ? found->items().size() : 0;
}

void storage::put_record(std::string_view store_id, std::string_view key,
                         stored_record record) {
  if (const auto to = stores_.find(std::string{store_id}))
    put(*to, key, std::move(record));
}

const stored_record*
storage::find_record(std::string_view store_id, std::string_view key) const {
  const auto found = stores_.find(std::string{store_id});
  return found ? found->find(key) : nullptr;
}

void storage::clear() {
  datasets_.clear();
  stores_.clear();
  queues_.clear();
  archive_.clear();
}

// -- what the API needs -------------------------------------------------------

void storage::push(dataset& to, const parsed_items& items) {
  archive_.append_items(to.info().id, items);
  to.push(items);
}

void storage::put(key_value_store& to, std::string_view key,
                  stored_record record) {
  archive_.save_record(to.info().id, key, record);
  to.put(key, std::move(record));
}

void storage::remove(key_value_store& from, std::string_view key) {
  archive_.remove_record(from.info().id, key);
  from.remove(key);
}

queue_operation
storage::add(request_queue& to, const json_value& request, bool forefront) {
  auto result = to.add(request, forefront);
  if (!result.was_already_present)
    keep(to, result.request_id);
  return result;
}

queue_operation storage::update(request_queue& in, const std::string& id,
                                const json_value& request, bool forefront) {
  auto result = in.update(id, request, forefront);
  keep(in, id);
  return result;
}

void storage::keep(const request_queue& queue, const std::string& id) {
  const auto* request = queue.find(id);
  archive_.save_request(queue.info().id, request->order, request->json);
}

bool storage::remove(request_queue& from, const std::string& id) {
  if (!from.remove(id))
    return false;
  archive_.remove_request(from.info().id, id);
  return true;
}

} // namespace orc::emulator
