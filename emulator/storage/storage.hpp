#pragma once

#include "emulator/api/run_storages.hpp"
#include "emulator/storage/archive.hpp"
#include "emulator/storage/catalog.hpp"
#include "emulator/storage/dataset.hpp"
#include "emulator/storage/key_value_store.hpp"
#include "emulator/storage/request_queue.hpp"

#include <chrono>
#include <filesystem>

namespace orc::emulator {

class router;

struct storage_options {
  /// Where storages outlive the emulator; empty: in memory alone.
  std::filesystem::path directory;
  /// How late `itemCount` and `X-Apify-Pagination-Total` are: up to 5 s on the
  /// platform.
  std::chrono::milliseconds item_count_lag{0};
};

/// All datasets, key-value stores and request queues of the emulator.
///
/// What changes their contents goes through here, to be kept on disk before it
/// is seen; what changes what they are called goes through their catalogs.
class storage : public run_storages {
public:
  /// Loads what `options.directory` holds.
  /// @throws api_error if the directory cannot be written
  explicit storage(storage_options options = {});

  storage(const storage&) = delete;
  storage& operator=(const storage&) = delete;

  // -- what runs need --------------------------------------------------------

  run_storage_ids create_for_run(const user& owner, std::string_view actor_id,
                                 std::string_view run_id) override;

  void remove_for_run(const run_storage_ids& ids) override;

  void push_items(std::string_view dataset_id,
                  std::vector<std::string> items) override;

  std::uint64_t item_count(std::string_view dataset_id) const override;

  void put_record(std::string_view store_id, std::string_view key,
                  stored_record record) override;

  const stored_record*
  find_record(std::string_view store_id, std::string_view key) const override;

  void clear() override;

  // -- what the API needs ----------------------------------------------------

  catalog<dataset>& datasets() noexcept {
    return datasets_;
  }

  catalog<key_value_store>& stores() noexcept {
    return stores_;
  }

  catalog<request_queue>& queues() noexcept {
    return queues_;
  }

  std::chrono::milliseconds item_count_lag() const noexcept {
    return options_.item_count_lag;
  }

  void push(dataset& to, const parsed_items& items);

  void put(key_value_store& to, std::string_view key, stored_record record);

  void remove(key_value_store& from, std::string_view key);

  queue_operation
  add(request_queue& to, const json_value& request, bool forefront);

  queue_operation update(request_queue& in, const std::string& id,
                         const json_value& request, bool forefront);

  bool remove(request_queue& from, const std::string& id);

private:
  void load();
  void keep(const request_queue& queue, const std::string& id);

  storage_options options_;
  archive archive_;
  catalog<dataset> datasets_;
  catalog<key_value_store> stores_;
  catalog<request_queue> queues_;
};

/// Serves `/v2/datasets`, `/v2/key-value-stores` and `/v2/request-queues`.
/// @param data must outlive `routes`
void register_storage_routes(router& routes, storage& data);

} // namespace orc::emulator
