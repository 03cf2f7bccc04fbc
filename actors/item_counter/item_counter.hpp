#pragma once

#include "messages/item_counter.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace orc {

/// An ITEM COUNTER's note to itself: what gathered meanwhile may be asked.
struct end_gathering {
  static constexpr auto fields
    = describe("end_gathering", "What gathered may be asked.");
};

/// The ITEM COUNTER interface and what it says to itself.
using item_counter_shell
  = item_counter_actor::extend<caf::reacts_to<end_gathering>>;

/// Counts items with few calls. A few datasets are asked for one by one, at
/// once; where more come within 200 ms, one list of the newest datasets
/// answers for all of them, and only what it does not contain is asked for.
class item_counter_state {
public:
  static inline const char* name = "item-counter";

  explicit item_counter_state(item_counter_shell::pointer self) : self_{self} {
    // nop
  }

  /// Those that wait shall not wait for one that is no more.
  ~item_counter_state();

  item_counter_shell::behavior_type make_behavior(apify_api_actor api);

private:
  using count_promise = caf::typed_response_promise<dataset_count>;

  caf::result<dataset_count> count(const count_dataset& x);
  void end_gathering_time();
  void start_gathering();
  void ask_together();
  void ask_alone(std::string dataset_id);
  void ask_next();
  void handle_list(const std::map<std::string, std::uint64_t>& counts);
  void answer(const std::string& dataset_id, dataset_count x);

  item_counter_shell::pointer self_;
  apify_api_actor api_;
  /// Who waits, by dataset.
  std::map<std::string, std::vector<count_promise>> waiting_;
  /// Datasets that wait for the next list.
  std::vector<std::string> gathered_;
  /// Those that the list under way shall answer for.
  std::vector<std::string> listed_;
  bool gathering_ = false;
  bool listing_ = false;
  std::size_t asked_at_once_ = 0;
  /// Datasets that are asked for one by one, when it is their turn.
  std::deque<std::string> alone_;
  std::size_t asking_ = 0;
};

/// Starts an ITEM COUNTER.
item_counter_shell::behavior_type
item_counter(item_counter_shell::stateful_pointer<item_counter_state> self,
             apify_api_actor api);

} // namespace orc
