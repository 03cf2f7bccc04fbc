#pragma once

#include "emulator/platform/accounts.hpp"
#include "emulator/platform/journal.hpp"
#include "emulator/platform/run_logs.hpp"
#include "emulator/platform/run_registry.hpp"
#include "emulator/platform/run_request.hpp"
#include "emulator/platform/run_waiters.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace orc::emulator {

/// Leads runs through their states (see `run_status`).
class run_engine : private work_listener {
public:
  /// Makes what a run does, for each (re)start of it.
  using factory
    = std::function<std::unique_ptr<execution>(run&, work_listener&)>;

  /// Hears of events such as `ACTOR.RUN.CREATED`.
  using observer = std::function<void(run&, std::string_view event)>;

  /// All references must outlive it.
  run_engine(engine_options options, agenda& plan, account_book& accounts,
             run_registry& runs, run_storages& storages, const journal& saved,
             factory make_work);

  void on_event(observer f) {
    observe_ = std::move(f);
  }

  /// Starts a run. @throws api_error if the account has no room for it
  run& start(start_request request);

  /// Does nothing to a run that has finished.
  void abort(run& x, bool gracefully);

  /// @throws api_error if the run is not finished, or there is no room
  void resurrect(run& x, const resurrect_request& request);

  /// @throws api_error unless the run is RUNNING
  void reboot(run& x);

  /// @throws api_error unless the run is RUNNING
  void migrate(run& x);

  /// Makes the run go on as another actor.
  /// @throws api_error unless the run is RUNNING, or too often
  void metamorph(run& x, app& target, std::optional<stored_record> input);

  /// Takes over a run of an earlier life of the emulator. Unless it has
  /// finished, it goes on as after a migration.
  void restore(std::unique_ptr<run> x);

  /// Keeps what is known of the run now.
  void save(const run& x) const;

  /// Forgets a run. @throws api_error unless it is finished
  void remove(run& x);

  /// Brings `usage_usd` up to date.
  void refresh(run& x) const;

  /// Forgets all runs.
  void clear();

  /// How many runs were started, those of all accounts together.
  std::uint64_t started() const noexcept {
    return started_;
  }

  run_waiters& waiters() noexcept {
    return waiters_;
  }

  run_logs& logs() noexcept {
    return logs_;
  }

private:
  void on_log(run& which, std::string lines) override;
  void on_restart(run& which, restart_reason why) override;
  void on_end(run& which, work_end how) override;

  void equip(run& x, start_request& request);
  void begin(run& x);
  void plan_timeout(run& x);
  void time_out(run& x);
  bool may_restart(run& x) const;
  void finish(run& x, run_status status);
  void release(const run& x);
  void require_running(const run& x) const;
  void announce(run& x, std::string_view event);

  engine_options options_;
  agenda& agenda_;
  account_book& accounts_;
  run_registry& runs_;
  run_storages& storages_;
  const journal& saved_;
  factory make_work_;
  observer observe_;
  std::uint64_t started_ = 0;
  run_waiters waiters_;
  run_logs logs_;
};

} // namespace orc::emulator
