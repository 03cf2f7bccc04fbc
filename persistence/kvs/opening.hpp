#pragma once

#include "persistence/kvs/open.hpp"
#include "persistence/kvs/recovery.hpp"

namespace orc::kvs {

/// A store that is ours: read, checked and claimed, with a generation of our
/// own begun.
struct opened_store {
  kvs_store_options options;
  claim mine;
  envelope wrapping;
  run_book book;
  head generations;
  /// How large the base of the current generation is.
  std::size_t base_bytes = 0;
  /// Records of generations that nobody needs any more.
  std::vector<std::string> rubbish;
};

/// Takes a store over. The order counts, since there is no compare-and-swap:
///
/// 1. read and check all, and change nothing if anything is wrong;
/// 2. write LOCK: the one before us finds it before it announces its next step,
///    and stops;
/// 3. read on: what it has announced was put before it looked at LOCK;
/// 4. write a base and HEAD under keys that no other writer ever uses.
class opening {
public:
  opening(caf::actor_system& system, const kvs_store_options& options)
    : options_{options}, names_{options.prefix}, records_{system,
                                                          options.storage,
                                                          options.store_id} {
    // nop
  }

  caf::expected<opened_store> open();

private:
  caf::error read_lock();
  caf::error unlock_records();
  /// Finds the HEAD that counts: of who has the store, or of whom that one was
  /// about to take over from.
  caf::error find_head();
  caf::error check_empty();
  caf::error take_over();
  caf::error read_state();
  /// @returns the HEAD of a copy that has started meanwhile, or "".
  caf::expected<std::string> newcomer();
  caf::error begin_generation();
  caf::error put_all(const std::string& text, const std::string& stem);
  caf::error find_rubbish();

  kvs_store_options options_;
  record_names names_;
  record_client records_;
  std::optional<claim> before_;
  claim mine_;
  envelope envelope_;
  std::vector<std::string> heads_;
  /// "" in a new store.
  std::string head_key_;
  std::optional<found_state> found_;
  opened_store result_;
};

} // namespace orc::kvs
