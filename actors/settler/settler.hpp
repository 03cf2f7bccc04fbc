#pragma once

#include "actors/run_list/run_pages.hpp"
#include "actors/settler/settlement.hpp"
#include "messages/event.hpp"
#include "messages/item_counter.hpp"
#include "messages/run_store.hpp"
#include "messages/settler.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>

namespace orc {

/// Whom a SETTLER talks to.
struct settler_parts {
  run_store_actor store;
  apify_api_actor api;
  item_counter_actor counter;
  events_actor events;
};

struct settler_config {
  /// Whose runs it settles.
  std::string account;
  /// How long after its end what the platform tells of a run is final.
  std::chrono::milliseconds settle_after{10'000};
  bool count_items = true;
};

/// A SETTLER's note to itself: a round is due.
struct settle_now {
  static constexpr auto fields = describe("settle_now", "A round is due.");
};

/// The SETTLER interface with what a SETTLER tells itself.
using settler_self = settler_actor::extend<caf::reacts_to<settle_now>>;

/// Settles the runs of one account in rounds:
///
///     load ─▶ read costs ─▶ count items ─▶ make durable ─▶ publish
///
/// A few runs are asked about one by one. Of many, one page of the list of runs
/// tells the cost of up to a thousand, and one list of datasets their items.
/// The first round, after a start, also takes what ended just now, since a
/// process that died may have left it uncounted.
class settler_state {
public:
  static inline const char* name = "settler";

  explicit settler_state(settler_self::pointer self);

  settler_self::behavior_type
  make_behavior(settler_config config, settler_parts parts);

private:
  // -- one round, step by step ------------------------------------------------

  void begin_round();
  void take(std::vector<run_record> records);
  void read_costs();
  void read_page();
  void on_page(const remote_runs& page);
  void read_alone();
  void read_next();
  void on_cost_failed(const std::string& id, const caf::error& err);
  void count();
  void count_alone(const std::vector<std::string>& dataset_ids);
  void save();
  void end_round();

  // -- tools ------------------------------------------------------------------

  /// Does `next` when `close_` was called as often as `open_` says.
  void close(void (settler_state::*next)());
  void plan(std::chrono::milliseconds pause);

  settler_self::pointer self_;
  settler_config config_;
  settler_parts parts_;
  settlement round_;
  run_pages pages_;
  /// Platform runs that are asked for one by one, when it is their turn.
  std::deque<std::string> alone_;
  /// Answers of the step under way that are still to come.
  std::size_t open_ = 0;
  /// Doubles as long as the platform cannot be asked.
  std::chrono::milliseconds pause_{0};
  bool first_ = true;
  bool planned_ = false;
  bool busy_ = false;
  /// More is to be settled than this round does.
  bool more_ = false;
  /// That can be done at once.
  bool full_ = false;
};

/// Starts a SETTLER.
settler_self::behavior_type
settler(settler_self::stateful_pointer<settler_state> self,
        settler_config config, settler_parts parts);

} // namespace orc
