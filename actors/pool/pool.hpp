#pragma once

#include "actors/pool/pool_plan.hpp"
#include "messages/pool/pool.hpp"
#include "messages/pool/work_queue.hpp"
#include "messages/pool/worker_host.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orc {

/// Whom a POOL works with.
struct pool_parts {
  work_queue_actor queue;
  worker_host_actor host;
  /// Tells people a line: tick lines, `idle`, `all work complete`.
  std::function<void(const std::string&)> say;
  /// It ends when nothing is to do any more.
  bool exits = true;
};

/// What it says to itself: time has come to decide.
struct pool_tick {
  std::uint64_t turn = 0;

  static constexpr auto fields
    = describe("pool_tick", "Time has come.",
               field("turn", &pool_tick::turn, "Older ones do not count."));
};

using pool_self = pool_actor::extend<caf::reacts_to<worker_exited>,
                                     caf::reacts_to<pool_tick>>;

/// Lets what the plan decides happen, one tick after the other: the next one
/// begins when all workers of the one before are registered.
///
///     startup ─▶ tick ─▶ hooks, starts ─▶ nap, or wait for a task ─┐
///                 ▲                                                │
///                 └────────────────────────────────────────────────┘
///     any ─▶ stopping: workers leave ─▶ shutdown ─▶ ended
class pool_state {
public:
  static inline const char* name = "pool";

  explicit pool_state(pool_self::pointer self);

  pool_self::behavior_type
  make_behavior(pool_settings settings, pool_parts parts);

private:
  using end_promise = caf::typed_response_promise<pool_ended>;
  enum class phase : std::uint8_t {
    starting,
    working,
    stopping,
    closing,
    ended,
  };

  // -- ticks ------------------------------------------------------------------

  void start_up();
  void set_rules();
  void tick();
  void decide(const channel_loads& loads);
  void start_workers(const pool_plan::step& step);
  void start_one(std::size_t type);
  void work_done();
  void after_tick();
  void tick_in(std::chrono::milliseconds delay);
  void wait_for_tasks();
  void queue_failed(const caf::error& err);

  // -- workers ----------------------------------------------------------------

  void exited(const worker_exited& x);

  /// @returns whether it did its work, rather than having failed at it.
  bool ended_well(const worker_exited& x) const;

  /// @returns whether it runs a command for each task.
  bool is_of_kit(const std::string& worker) const;
  void give_back(const worker_exited& x, bool failed);
  void stop_worker_of(const std::string& id, bool after_its_task);

  // -- the end ----------------------------------------------------------------

  caf::result<pool_ended> add_waiter();
  caf::result<pool_ended> stop();
  void finish(bool complete);
  void end_if_alone();
  void conclude();

  // -- tools ------------------------------------------------------------------

  get_loads question() const;
  pool_view view() const;

  /// Runs a command of the settings, and goes on when it has ended.
  void run(const char* event, const std::vector<std::string>& command,
           std::function<void()> then);
  void say(const std::string& line);

  pool_self::pointer self_;
  std::optional<pool_plan> plan_;
  pool_parts parts_;
  phase phase_ = phase::starting;
  /// Of the tick that is awaited.
  std::uint64_t turn_ = 0;
  std::uint64_t ticks_ = 0;
  std::uint64_t started_ = 0;
  /// Starts and hooks of this tick that have not ended.
  std::size_t busy_ = 0;
  std::size_t troubles_ = 0;
  bool in_tick_ = false;
  bool was_complete_ = false;
  timestamp last_tick_;
  std::string last_line_;
  /// Ends that came before the start was known.
  std::vector<worker_exited> early_ends_;
  std::vector<std::pair<std::string, std::int64_t>> pids_;
  std::vector<end_promise> waiters_;
};

pool_self::behavior_type pool(pool_self::stateful_pointer<pool_state> self,
                              pool_settings settings, pool_parts parts);

} // namespace orc
