#pragma once

#include "app/config/config.hpp"
#include "messages/apify_storage.hpp"
#include "messages/batches.hpp"
#include "messages/health.hpp"
#include "messages/hooks.hpp"
#include "messages/orchestrator.hpp"
#include "messages/reader.hpp"
#include "messages/reload.hpp"
#include "messages/split_store.hpp"
#include "messages/splits.hpp"
#include "messages/task/operators.hpp"

#include <caf/expected.hpp>

#include <functional>
#include <memory>

namespace caf {
class actor_system;
} // namespace caf

namespace orc {
class io_runtime;
} // namespace orc

namespace orc::http {
class client;
} // namespace orc::http

namespace orc::app {

/// The whole orchestrator, wired together: threads, store, platform, actors.
/// `run` and `serve` both drive one; so can a host program.
class service {
public:
  /// Works on a store that nobody else uses meanwhile.
  using store_step
    = std::function<caf::error(caf::actor_system&, const run_store_actor&)>;

  /// Told who can be asked how it goes while the service recovers.
  using health_step
    = std::function<void(caf::actor_system&, const health_actor&)>;

  /// Opens the store and takes up what it holds. Starts nothing by itself
  /// except what was submitted before.
  /// @param before done before anything is taken up.
  [[nodiscard]] static caf::expected<std::unique_ptr<service>>
  open(const config& options, const store_step& before = {},
       const health_step& recovering = {});

  /// Opens only the store, for one step.
  [[nodiscard]] static caf::error
  change_store(const config& options, const store_step& change);

  /// Ends all actors; runs on the platform go on.
  ~service();

  service(const service&) = delete;
  service& operator=(const service&) = delete;

  caf::actor_system& system() noexcept;
  io_runtime& runtime() noexcept;

  /// Over which the platform is spoken to.
  const std::shared_ptr<http::client>& client() const noexcept;
  const orchestrator_actor& orchestrator() const noexcept;
  const events_actor& events() const noexcept;
  health_actor health() const;
  const run_store_actor& store() const noexcept;
  const hooks_actor& hooks() const noexcept;

  /// Nobody if the store has no place for how lists were cut.
  const split_store_actor& split_store() const noexcept;
  const splits_actor& splits() const noexcept;

  /// Nobody if the store has no place for batches.
  const batches_actor& batches() const noexcept;

  /// Nobody if the store has no place for tasks.
  const tasks_actor& tasks() const noexcept;
  const task_store_actor& task_store() const noexcept;
  const operators_actor& operators() const noexcept;

  /// Reads the items of runs, and of datasets of the default account.
  const readings_actor& readings() const noexcept;

  /// The platform as the default account sees it.
  /// @pre there is a default account
  apify_api_actor api() const;
  apify_storage_actor storage() const;

  /// @returns whether another process of the same platform run has the store
  ///          now: this one is the copy that a migration has left behind.
  bool is_taken_over() const noexcept;

  /// Works by other tokens, caps and budgets from now on.
  /// @returns what could not be changed.
  [[nodiscard]] caf::expected<reloaded> reload(const config& options);

  /// Stops starting runs; with `abort` aborts all live ones and waits for it.
  [[nodiscard]] caf::expected<account_stopped> stop(bool abort);

  /// Calls `f` if the ORCHESTRATOR ends by itself, as it does when its store or
  /// an account's actor dies: it recovers in a new process. Called on a thread
  /// of the system, in place of the function before, which is not called any
  /// more once this returns. Nothing is called by an empty function.
  void on_death(std::function<void()> f);

private:
  struct impl;
  explicit service(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

} // namespace orc::app
