#pragma once

#include "emulator/api/user.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orc::emulator {

struct run_storage_ids {
  std::string dataset_id;
  std::string key_value_store_id;
  std::string request_queue_id;
};

struct stored_record {
  std::string content_type;
  std::string body;
};

/// What runs ask of the storages; `emulator/storage` implements it. Starting a
/// run calls it thousands of times a second: storages that nobody wrote to must
/// cost next to nothing.
class run_storages {
public:
  virtual ~run_storages() = default;

  /// Makes the three default storages of a run, unnamed, owned by `owner`.
  virtual run_storage_ids
  create_for_run(const user& owner, std::string_view actor_id,
                 std::string_view run_id)
    = 0;

  /// Drops the default storages of a run that is deleted, unless named since.
  virtual void remove_for_run(const run_storage_ids& ids) = 0;

  /// Appends items to a dataset that exists.
  /// @param items each one JSON object, as text
  virtual void
  push_items(std::string_view dataset_id, std::vector<std::string> items)
    = 0;

  virtual std::uint64_t item_count(std::string_view dataset_id) const = 0;

  virtual void put_record(std::string_view store_id, std::string_view key,
                          stored_record record)
    = 0;

  /// @returns the record, decoded; null if there is none. Good until the store
  /// changes.
  virtual const stored_record*
  find_record(std::string_view store_id, std::string_view key) const = 0;

  /// Forgets everything (`POST /emulator/reset`).
  virtual void clear() = 0;
};

} // namespace orc::emulator
