#pragma once

#include "persistence/kvs/opening.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace orc::kvs {

/// Tells the store to put what has gathered.
struct put_gathered {
  static constexpr auto fields = describe("put_gathered", "Puts it.");
};

/// Tells the store to try again what failed.
struct try_again {
  static constexpr auto fields = describe("try_again", "Tries again.");
};

using store_actor = run_store_actor::extend<caf::reacts_to<put_gathered>,
                                            caf::reacts_to<try_again>>;

/// The PERSISTENCE in an Apify key-value store.
///
/// All runs are in memory, and a journal of what happens to them in records of
/// the store. While one is on its way, what comes in gathers for the next; all
/// are answered once their record is there and LOCK is still ours.
///
///     idle --write--> putting --> checking LOCK --> answering --> idle
///                        ^  `--fails--> waiting --.      `--more gathered--.
///                        `-------------------------`------------------------'
class store_state {
public:
  static inline const char* name = "kvs-store";

  explicit store_state(store_actor::pointer self);

  store_state(const store_state&) = delete;
  store_state& operator=(const store_state&) = delete;

  /// Answers whoever still waits.
  ~store_state();

  store_actor::behavior_type make_behavior(std::shared_ptr<opened_store> store);

private:
  /// Told how it went: no error means durable.
  using answer = std::function<void(const caf::error&)>;

  struct batch {
    std::string entries;
    std::vector<answer> answers;
  };

  caf::result<inserted_runs> insert(const insert_runs& request);
  caf::result<saved> save(const save_run& request);
  caf::result<saved> settle(const settle_run& request);
  caf::result<saved> save_token(const save_account& request);
  caf::result<pruned_runs> prune(const prune_runs& request);
  caf::result<store_health> check();

  /// Answers once all that the book knows now is durable.
  template <class T>
  caf::result<T> when_durable(caf::expected<T> outcome);

  void put_batch();
  void put_next(std::vector<put_record> records, std::size_t number);
  void check_lock();
  void on_lock(const stored_record& x);
  void on_failure(const caf::error& why, std::function<void()> repeat);
  void finish();
  void begin_generation();
  /// Marks its records for removal.
  void discard(const generation& x);
  void remove_rubbish();
  void end(const caf::error& why);
  void on_exit(const caf::exit_msg& x);
  put_record make_put(const std::string& key, const content& x) const;

  store_actor::pointer self_;
  std::shared_ptr<opened_store> store_;
  record_names names_{""};
  batch gathering_;
  batch flying_;
  bool busy_ = false;
  bool closing_ = false;
  /// What to do once the records that are being put are there.
  std::function<void()> then_;
  std::function<void()> repeat_;
  /// Why nothing has become durable for a while; empty if all is well.
  std::string trouble_;
  std::uint32_t generation_ = 0;
  std::uint32_t journal_records_ = 0;
  std::size_t journal_bytes_ = 0;
};

/// Starts a PERSISTENCE.
store_actor::behavior_type
run_store(store_actor::stateful_pointer<store_state> self,
          std::shared_ptr<opened_store> store);

} // namespace orc::kvs
