#pragma once

#include "embedding/options.hpp"
#include "messages/batches.hpp"
#include "messages/event.hpp"
#include "messages/orchestrator.hpp"
#include "messages/reader.hpp"
#include "messages/reload.hpp"
#include "messages/schedule/schedules.hpp"
#include "messages/splits.hpp"
#include "messages/task/operators.hpp"
#include "messages/task/tasks.hpp"
#include "messages/walk/walks.hpp"

#include <caf/expected.hpp>

#include <memory>

namespace orc::http {
class client;
} // namespace orc::http

namespace orc {

/// A whole orchestrator in an actor system of the host's, wired together:
/// store, way to the platform, actors. `run`, `serve` and host programs all
/// drive one.
///
///     open ──▶ takes requests ──stop──▶ starts nothing new ──destroy──▶ gone
///
/// There may be several in one actor system; they share nothing but what their
/// options share. Nothing of it is global, but the log and the fault points.
///
/// Threads: `open`, `stop` and the destructor block, and so must not be called
/// from an actor that shares the scheduler's threads; `spawn<caf::detached>` or
/// a thread of the host's is fine. Handles may be used from anywhere. It must
/// be destroyed before its actor system is, and not moved while others use it.
class embedded_orchestrator {
public:
  /// Opens the store and takes up what it holds. Starts nothing by itself
  /// except what was submitted before.
  /// @returns it, once it is ready; or what `open_store` says, or
  ///          `ec::bad_config`. Nothing is left behind then.
  [[nodiscard]] static caf::expected<embedded_orchestrator>
  open(caf::actor_system& system, const orchestrator_options& options);

  /// Opens only the store, works on it, and closes it.
  [[nodiscard]] static caf::error
  change_store(caf::actor_system& system, const orchestrator_options& options);

  /// Ends all actors of its own, at the latest after some time of grace (5 s
  /// for each group of them), and closes the store. Runs on the platform go on:
  /// the next one that opens the same store takes them up.
  ~embedded_orchestrator();

  embedded_orchestrator(embedded_orchestrator&&) noexcept;
  embedded_orchestrator& operator=(embedded_orchestrator&&) noexcept;

  // -- typed handles: whom to send messages to --------------------------------

  /// The front door. If it ends by itself, as it does when its store or an
  /// account's actor dies, monitors are told; destroy this and open it anew.
  const orchestrator_actor& orchestrator() const noexcept;

  /// Tells how it is: ready, recovering, or why not.
  health_actor health() const;

  /// Takes `subscribe_events`.
  const events_actor& events() const noexcept;

  /// Reads the items of runs, and of datasets of the first account.
  const readings_actor& readings() const noexcept;

  /// Nobody if the store has no place for what they keep.
  const splits_actor& splits() const noexcept;
  const batches_actor& batches() const noexcept;
  const tasks_actor& tasks() const noexcept;
  const operators_actor& operators() const noexcept;
  const schedules_actor& schedules() const noexcept;
  const hooks_actor& hooks() const noexcept;

  /// Batches that walk data sets; nobody unless `options.walks` is given.
  walks_actor walks() const noexcept;

  /// What it stands on.
  const store_actors& store() const noexcept;

  /// The platform as the first account sees it; nobody without an account.
  const platform_access& platform() const noexcept;

  // -- its life ---------------------------------------------------------------

  /// Works by other tokens, caps and budgets from now on.
  /// @returns what could not be changed.
  [[nodiscard]] caf::expected<reloaded> change(const reload_settings& wishes);

  /// Stops starting runs, and lets pages of batches end that are being done,
  /// for some seconds: nobody answers for batches any more. With `abort` aborts
  /// all live ones and waits until they have ended, which takes as long as the
  /// platform does.
  [[nodiscard]] caf::expected<account_stopped> stop(bool abort);

  /// Calls `f` if the ORCHESTRATOR ends by itself. Called on a thread of the
  /// system, in place of the function before, which is not called any more once
  /// this returns. Nothing is called by an empty function.
  void on_death(std::function<void()> f);

  /// @returns whether another process of the same platform run has the
  ///          key-value store now.
  bool is_taken_over() const noexcept;

  /// Over which whoever passes requests on speaks to the platform. Accounts
  /// have connections of their own.
  const std::shared_ptr<http::client>& client() const noexcept;

private:
  struct impl;
  explicit embedded_orchestrator(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

} // namespace orc
