#pragma once

#include "actors/bus/event_window.hpp"
#include "actors/bus/facts.hpp"
#include "actors/bus/micro_service.hpp"
#include "messages/bus/api_calls.hpp"
#include "messages/bus/bus_store.hpp"
#include "messages/bus/link.hpp"
#include "messages/bus/settings.hpp"
#include "messages/bus/status.hpp"
#include "messages/hook_store.hpp"
#include "messages/task/marks.hpp"
#include "messages/task/operators.hpp"
#include "messages/task/tasks.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace orc {

/// Time to say what is still being worked on, and to try again.
struct bus_tick {
  static constexpr auto fields = describe("bus_tick", "Time has come.");
};

/// The BUS BRIDGE interface: what the bus, the store and others tell it.
using bus_bridge_actor
  = bus_sink::extend_with<delivery_sink>::extend_with<task_event_sink>::
    extend_with<bus_status_actor>::extend<caf::reacts_to<bus_tick>>;

/// Whom the BUS BRIDGE talks to.
struct bus_parts {
  bus_link_actor link;
  api_caller_actor caller;
  /// Owes facts to the bus.
  hook_store_actor outbox;
  bus_store_actor store;
  /// Nobody if there are no tasks.
  tasks_actor tasks;
  operators_actor operators;
  /// Keeps what TASKS may not have told; nobody if there are no tasks.
  task_marks_actor marks;
  /// See `store_health`.
  std::string store_id;
  std::vector<api_verb> verbs;
};

struct bus_config {
  std::string instance;
  std::uint32_t max_in_flight = 64;
  std::uint32_t max_requests = 1'000;
  /// How long ids of durable commands are remembered.
  std::chrono::hours keep_commands{30 * 24};
};

/// Lets the service be used over a bus: requests and durable commands come in,
/// and facts go out. It holds nothing that is not in the store: the bus may be
/// away, and the process may die, at any moment.
class bus_bridge_state {
public:
  static inline const char* name = "bus-bridge";

  explicit bus_bridge_state(bus_bridge_actor::pointer self);

  bus_bridge_actor::behavior_type
  make_behavior(bus_config config, bus_parts parts);

private:
  using clock = std::chrono::steady_clock;

  /// A durable command in hand.
  struct work_item {
    bus_work work;
    std::string verb;
  };

  // -- the bus
  void went_up(const bus_up& x);
  void went_down(const bus_down& x);
  void tick();
  caf::result<bus_status> status();
  void stop(const caf::exit_msg& why);

  // -- requests, see bridge.cpp
  void request(const bus_message& x);
  void call(const bus_message& x, std::string verb);
  void answer(const std::string& to, const api_answer& x);
  void send(bus_message x);

  // -- durable commands, see bridge_work.cpp
  void work(const bus_work& x);
  void begin(const std::string& id);
  void go_on(const std::string& id, const known_command& known);
  void execute(const std::string& id);
  void executed(const std::string& id, const api_answer& x);
  void end(const std::string& id, const api_answer& x, bool failed);
  void ended(const std::string& id, const api_answer& x, bool failed);
  void park(const std::string& id, const api_answer& x);
  void try_again(const std::string& id, std::string_view why);
  void settle(const std::string& id, work_end end,
              std::chrono::milliseconds pause = std::chrono::milliseconds{0});
  void pull();
  bool repeats(const std::string& verb) const;

  // -- events, see bridge_events.cpp
  void serve_events();
  void load_events();
  void publish(const outgoing_event& x);
  void published(const outgoing_event& x);
  void owe(owed_event x);
  void flush_owed();
  void heard(const task_event& x);

  // -- marks, see bridge_marks.cpp
  void take_up_marks();
  void settle_marks();
  void hear_operators(std::uint64_t mark);
  void hear_until(std::uint64_t mark);
  void drop_marks_if_kept();

  bus_bridge_actor::pointer self_;
  bus_config config_;
  bus_parts parts_;
  bus_subjects subjects_{""};
  micro_service micro_{"", "", {}, {}};
  fact_maker facts_{""};
  std::set<std::string> repeatable_;
  /// Of it what is counted here.
  bus_status status_;
  bool told_streamless_ = false;
  /// What most servers take; each says what it does when it is there.
  std::uint64_t max_payload_ = 1 << 20;
  std::uint32_t requests_ = 0;
  std::unordered_map<std::string, work_item> working_;
  std::uint64_t ticks_ = 0;
  event_window window_;
  /// Facts that are on their way into the store.
  std::vector<owed_event> owed_;
  bool owing_ = false;
  std::uint64_t last_fact_ = 0;
  /// Of these, how many are in the store.
  std::uint64_t facts_heard_ = 0;
  std::uint64_t facts_kept_ = 0;
  bool settling_marks_ = false;
  /// All marks up to this were heard of, 0 if there are none to drop; and so
  /// many facts were heard by then.
  std::uint64_t heard_mark_ = 0;
  std::uint64_t heard_facts_ = 0;
  std::uint64_t refused_events_ = 0;
};

/// Starts a BUS BRIDGE.
bus_bridge_actor::behavior_type
bus_bridge(bus_bridge_actor::stateful_pointer<bus_bridge_state> self,
           bus_config config, bus_parts parts);

} // namespace orc
