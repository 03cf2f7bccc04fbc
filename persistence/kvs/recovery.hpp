#pragma once

#include "persistence/kvs/envelope.hpp"
#include "persistence/kvs/manifest.hpp"
#include "persistence/kvs/record_client.hpp"
#include "persistence/run_book.hpp"

#include <string>

namespace orc::kvs {

/// What was found in a store.
struct found_state {
  run_book book;
  /// With the length of the journal that was read.
  head generations;
  /// Whether the base of the current generation was damaged and the previous
  /// one stood in for it.
  bool repaired = false;
};

/// Reads the state of a store and changes nothing.
class recovery {
public:
  recovery(record_client& records, const record_names& names,
           const envelope& wrapping)
    : records_{records}, names_{names}, envelope_{wrapping} {
    // nop
  }

  /// Reads what the record `head_key` tells of.
  /// @returns `ec::store_corrupt`, `ec::store_newer` or `ec::wrong_key`.
  caf::expected<found_state> read(const std::string& head_key);

  /// Reads on where the journal ended before.
  /// @returns whether there was more, or what is wrong.
  caf::expected<bool> read_on(found_state& state);

private:
  /// Some records after one another, and how many they were.
  struct chain {
    std::string text;
    std::uint32_t records = 0;
  };

  caf::expected<content> read_record(const std::string& key);
  caf::expected<std::string> read_base(const generation& x);
  caf::expected<std::string> rebuild_base(const head& x);
  caf::expected<chain>
  read_journal(const std::string& stem, std::uint32_t from, std::uint32_t most);

  record_client& records_;
  const record_names& names_;
  const envelope& envelope_;
};

} // namespace orc::kvs
