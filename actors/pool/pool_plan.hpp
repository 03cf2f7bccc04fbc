#pragma once

#include "messages/base/timestamp.hpp"
#include "messages/pool/pool_settings.hpp"
#include "messages/pool/work_queue.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// What a pool does when: which types get a worker, which workers go, when it
/// is idle, when it ends. Pure logic: it starts nothing and knows no clock.
///
///     tick ─▶ starts: begin ─▶ started | not_started ─▶ next tick
///                                 └─▶ ended
class pool_plan {
public:
  /// A worker as the plan knows it.
  struct worker {
    std::string id;
    timestamp since;
    /// It was told to go, and does not count for what is to come.
    bool leaves = false;
  };

  /// What one tick decides.
  struct step {
    /// Types that get a worker: at most one each.
    std::vector<std::size_t> start;
    /// Workers that have to go, at once.
    std::vector<std::string> stop;
    /// Workers that make room, once they have done what they have.
    std::vector<std::string> retire;
    /// `crawl=3q/1w snapshot=7q/2w`; "" if there is nothing to say.
    std::string line;
    /// The first tick in a row that had nothing to do.
    bool became_idle = false;
    /// Nothing will ever be to do again.
    bool complete = false;
  };

  /// @param exits whether it ends when nothing is to do any more.
  pool_plan(pool_settings settings, bool exits);

  const pool_settings& settings() const noexcept {
    return settings_;
  }

  // -- decisions --------------------------------------------------------------

  /// Decides, once.
  /// @param loads one for each type, in order.
  step tick(const std::vector<channel_load>& loads, timestamp now);

  /// @returns whether a tick is due after an interval; else the next one comes
  ///          when a task is ready or a worker has ended.
  bool needs_ticks() const;

  /// @returns whether it would end now, had it been idle long enough.
  bool has_nothing_to_come() const;
  bool should_exit() const;

  // -- what has happened ------------------------------------------------------

  void started(std::size_t type, const std::string& id, timestamp now);
  void not_started(std::size_t type, const std::string& why, timestamp now);

  /// @param failed it could not do its work, rather than having done it.
  /// @returns the type, or nothing if there is no such worker.
  std::optional<std::size_t> ended(const std::string& id, bool failed,
                                   const std::string& why, timestamp now);

  // -- how it stands ----------------------------------------------------------

  bool has_pending() const;
  bool has_workers() const;
  bool has_future() const;
  std::uint64_t worker_count() const;

  std::uint64_t idle_ticks() const noexcept {
    return idle_;
  }

  struct type_state {
    channel_load load;
    std::vector<worker> workers;
    std::uint64_t failures = 0;
    std::optional<timestamp> waits_until;
    std::optional<std::string> problem;
    /// Of the weighted round: the one with most is next.
    double credit = 0;
    /// Since when its channel has had nothing to do.
    std::optional<timestamp> quiet_since;
  };

  const std::vector<type_state>& types() const noexcept {
    return types_;
  }

private:
  bool wants_worker(std::size_t type, std::uint64_t all, timestamp now) const;
  std::vector<std::size_t> choose(timestamp now);
  std::size_t next_in_round(const std::vector<std::size_t>& wanting);
  void make_room(step& result, timestamp now);
  void stop_quiet_ones(step& result, timestamp now);
  void count_idle(step& result);
  std::string line() const;
  void note_failure(type_state& x, const std::string& why, timestamp now) const;
  void forgive(type_state& x, timestamp now) const;

  pool_settings settings_;
  bool exits_;
  std::vector<type_state> types_;
  std::uint64_t idle_ = 0;
};

} // namespace orc
