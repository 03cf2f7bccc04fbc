#pragma once

#include "emulator/api/run_storages.hpp"
#include "emulator/storage/storage_info.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orc::emulator {

/// What a list of keys is asked for.
struct key_query {
  std::int64_t limit = 1000;
  std::string exclusive_start_key;
  std::string prefix;
};

struct key_page {
  std::vector<std::pair<std::string, std::uint64_t>> keys_and_sizes;
  bool is_truncated = false;
};

/// A key-value store: records sorted by key, and counts of its use.
class key_value_store {
public:
  using record_map = std::map<std::string, stored_record, std::less<>>;

  explicit key_value_store(storage_info info) : info_(std::move(info)) {
    // nop
  }

  storage_info& info() noexcept {
    return info_;
  }

  const storage_info& info() const noexcept {
    return info_;
  }

  const record_map& records() const noexcept {
    return records_;
  }

  void put(std::string_view key, stored_record record);

  /// Takes back a record of an earlier life of the emulator.
  void restore(std::string key, stored_record record);

  /// @returns null if there is none. Good until the next change.
  const stored_record* find(std::string_view key) const;

  /// Counts a read, for the statistics.
  void count_read() {
    ++reads_;
    info_.touch();
  }

  /// @returns whether there was one.
  bool remove(std::string_view key);

  key_page keys(const key_query& query);

  /// Writes the KeyValueStore object of the API.
  void write(json_writer& out) const;

private:
  storage_info info_;
  record_map records_;
  std::uint64_t bytes_ = 0;
  std::uint64_t reads_ = 0;
  std::uint64_t writes_ = 0;
  std::uint64_t deletes_ = 0;
  std::uint64_t lists_ = 0;
};

/// Throws `api_error` unless `key` is 1 to 256 of `a-zA-Z0-9!-_.'()`.
void check_record_key(std::string_view key);

} // namespace orc::emulator
