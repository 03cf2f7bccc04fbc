#pragma once

#include "emulator/api/run_storages.hpp"
#include "emulator/storage/disk.hpp"
#include "emulator/storage/item_parser.hpp"
#include "emulator/storage/storage_info.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace orc::emulator {

/// Keeps storages on disk:
///
///     storages.jsonl               what exists: a line a change
///     datasets/ID.jsonl            an item a line
///     key-value-stores/ID/KEY      a line of JSON, then the record
///     request-queues/ID.jsonl      a line a change
///
/// A storage has no file until something is stored in it.
class archive {
public:
  explicit archive(disk files) : disk_(std::move(files)) {
    // nop
  }

  // -- what exists -----------------------------------------------------------

  void save(std::string_view kind, const storage_info& info) const;

  /// Forgets a storage and removes what was in it.
  void remove(std::string_view kind, const std::string& id) const;

  /// Calls `f` with every storage of a kind, in the order of their creation.
  void
  load(std::string_view kind, const std::function<void(storage_info)>& f) const;

  /// Removes everything.
  void clear() const;

  // -- what is in them -------------------------------------------------------

  void append_items(const std::string& id, const parsed_items& items) const;

  void load_items(const std::string& id,
                  const std::function<void(const parsed_items&)>& f) const;

  void save_record(const std::string& id, std::string_view key,
                   const stored_record& record) const;

  void remove_record(const std::string& id, std::string_view key) const;

  void load_records(
    const std::string& id,
    const std::function<void(std::string key, stored_record)>& f) const;

  void save_request(const std::string& id, std::int64_t order,
                    std::string_view json) const;

  void remove_request(const std::string& id, std::string_view request_id) const;

  /// Calls `put` and `removed` in the order of the changes.
  void load_requests(
    const std::string& id,
    const std::function<void(const json_value& request, std::int64_t)>& put,
    const std::function<void(const std::string& request_id)>& removed) const;

private:
  disk disk_;
};

} // namespace orc::emulator
