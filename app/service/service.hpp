#pragma once

#include "app/config/config.hpp"
#include "embedding/orchestrator.hpp"

#include <caf/expected.hpp>

#include <memory>
#include <optional>

namespace orc::app {

/// @returns what an orchestrator is made of, as the configuration says, or
///          `ec::bad_config`.
[[nodiscard]] caf::expected<orchestrator_options> options_of(const config& x);

/// @returns how batches walk data sets, as the configuration says; nothing
/// where
///          the store has no place for them.
/// @param take_up goes on with all that are not over.
std::optional<walks_options> walks_of(const config& x, bool take_up);

/// @returns what `serve` does by itself.
chore_rules chores_of(const config& x);

/// What an orchestrator of ours lives in: threads of actors and of sockets.
class service_host {
public:
  service_host();
  service_host(service_host&&) noexcept;
  ~service_host();

  caf::actor_system& system() noexcept;
  io_runtime& runtime() noexcept;

private:
  friend class service;
  struct impl;

  std::unique_ptr<impl> impl_;
};

/// An orchestrator in an actor system of its own: what `run` and `serve` drive.
class service : public service_host, public embedded_orchestrator {
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
  /// @param walks if data sets are to be walked.
  [[nodiscard]] static caf::expected<std::unique_ptr<service>>
  open(const config& options, const store_step& before = {},
       const health_step& recovering = {},
       std::optional<walks_options> walks = {});

  /// Opens only the store, for one step.
  [[nodiscard]] static caf::error
  change_store(const config& options, const store_step& change);

  /// Works by other tokens, caps and budgets from now on.
  /// @returns what could not be changed.
  [[nodiscard]] caf::expected<reloaded> reload(const config& options);

private:
  service(service_host host, embedded_orchestrator parts);
};

} // namespace orc::app
