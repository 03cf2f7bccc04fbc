#pragma once

#include "messages/apify_api.hpp"
#include "messages/run_record.hpp"

namespace orc {

/// When a run is tried again.
struct retry_policy {
  std::chrono::milliseconds first{2'000};
  std::chrono::milliseconds longest{60'000};

  /// @returns the wait before the attempt after `attempts` attempts.
  std::chrono::milliseconds after(std::size_t attempts) const;
};

/// Decides what happens to one run next. Knows no actors and no clock: a RUN
/// carries out what it says and makes it durable.
///
///     queued ──▶ starting ──▶ running ──▶ finished
///       ▲ │        │  │           │  ╲──▶ lost
///       │ ├▶ cancelled└▶ refused  │
///       └─┴────────┴── next attempt
class run_lifecycle {
public:
  /// What a RUN has to do, given what is durable.
  enum class step {
    /// Nothing: it is final.
    none,
    /// Make it final before it starts: somebody asked to abort it.
    cancel,
    /// Start a new platform run.
    start,
    /// Let the platform run of the last attempt continue.
    resurrect,
    /// Find out what became of a start.
    reconcile,
    /// The same for a start that an earlier stay gave up on.
    take_up,
    /// Wait for the platform run to end.
    watch,
  };

  explicit run_lifecycle(run_record record);

  const run_record& record() const noexcept {
    return record_;
  }

  /// @returns the platform's id of the last attempt, or "".
  std::string run_id() const;

  step next() const;

  /// A start is about to be sent.
  void begin_start(start_intent intent);

  /// The start did nothing: the run is back in the queue, as it was.
  void withdraw_start();

  /// The start that was given up on is looked for again.
  void take_up_start();

  /// The platform runs it: the answer to the start, or what a search found.
  void started(const remote_run& remote);

  /// What `started` was told belongs to another run: back to `starting`.
  void not_ours(start_intent intent);

  /// The platform run goes on.
  void resurrected(const remote_run& remote);

  /// The platform run cannot go on: a new one shall be started.
  void give_up_resurrection();

  /// Money was reserved for the attempt that begins.
  void reserved(std::optional<double> usd);

  /// The platform run does nothing any more: it is to be aborted.
  /// @returns what is done once it is.
  stuck_step found_stuck();

  /// The platform run lives, and tells how.
  /// @returns whether that was not known.
  bool noticed(const remote_run& remote);

  /// The platform run ended.
  /// @returns whether the run is final; else it waits for its next attempt.
  bool
  ended(const remote_run& remote, timestamp now, const retry_policy& retries);

  /// The run can never start, or nobody can tell whether it did: then its
  /// intent stays, and whoever wants the run again looks for that start first.
  void refused(run_error why, timestamp now);

  /// The platform does not know the run any more.
  void lost(timestamp now);

  void cancelled(timestamp now);

  void abort_requested();

  void counted(std::uint64_t items);

  /// The record is about to be made durable.
  void saving();

private:
  attempt& last();
  void drop_attempt();
  void adopt(const remote_run& remote);
  bool tries_again(remote_status status) const;
  void note_error(const remote_run& remote);
  bool raise_memory(const remote_run& remote);
  bool recover_stuck(const remote_run& remote, timestamp now);
  void try_again(std::optional<timestamp> not_before, bool resurrect);
  void finish(run_state state, timestamp now);

  run_record record_;
};

} // namespace orc
