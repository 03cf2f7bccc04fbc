#pragma once

#include "messages/batches.hpp"
#include "messages/bus/api_calls.hpp"
#include "messages/bus/status.hpp"
#include "messages/health.hpp"
#include "messages/hooks.hpp"
#include "messages/orchestrator.hpp"
#include "messages/pool/pools.hpp"
#include "messages/reader.hpp"
#include "messages/schedule/schedules.hpp"
#include "messages/splits.hpp"
#include "messages/task/operators.hpp"
#include "messages/walk/walks.hpp"
#include "transport/server/platform_link.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace orc {

class io_runtime;

struct api_server_options {
  /// An IPv4 or IPv6 address.
  std::string address = "127.0.0.1";
  /// 0 asks the system for a free port.
  std::uint16_t port = 8484;
  /// Whoever has one of them may do everything; without any, everybody may.
  std::vector<secret> tokens;
  /// One that holds besides, whatever becomes of `tokens`: that of the workers
  /// that this process starts. It alone makes nobody need one.
  secret worker_token;
  /// Room for an input of the largest size that the platform takes, escaped.
  std::size_t max_body_bytes = std::size_t{16} << 20;
  /// How often a silent stream of events shows that it is alive.
  std::chrono::milliseconds heartbeat{15'000};

  /// Path under which the API is found besides, for Crew's clients; "" if none.
  std::string crew_mount;
  /// What `clean` removes: groups of tasks that are so old; 0: none.
  std::chrono::hours group_age{7 * 24};

  /// @returns `ec::bad_config` unless the address is loopback or there is a
  ///          token.
  [[nodiscard]] caf::error validate() const;
};

/// Whom the API speaks for.
struct api_parts {
  orchestrator_actor orchestrator;
  events_actor events;
  hooks_actor hooks;
  splits_actor splits;
  readings_actor readings;
  /// Nobody if the store has no place for batches.
  batches_actor batches = {};
  /// Nobody if the store has no place for tasks.
  tasks_actor tasks = {};
  task_store_actor task_store = {};
  operators_actor operators = {};
  schedules_actor schedules = {};
  /// Nobody if no data sets are walked, or the store has no place for it.
  walks_actor walks = {};
  /// Nobody if there are no pools of local workers.
  pools_actor pools = {};
  /// For `/v2/…`, the platform's API with a queue in front.
  platform_link platform = {};
  /// What `/readyz` asks. Nobody: then the ORCHESTRATOR, which tells less.
  health_actor health = {};
};

/// Serves the HTTP API of the orchestrator; `/openapi.json` describes it.
class api_server {
public:
  api_server(caf::actor_system& system, io_runtime& runtime,
             api_server_options options, api_parts parts);

  /// Calls `stop`.
  ~api_server();

  /// Binds and serves from now on.
  /// @returns why the address cannot be had, if so.
  std::error_code listen();

  /// @returns the port in use.
  /// @pre `listen` succeeded
  std::uint16_t port() const noexcept;

  /// Asks requests from now on for other tokens, and passes requests of the
  /// platform's API on for other accounts.
  /// @pre there are tokens, or the address is loopback
  void change_access(std::vector<secret> tokens,
                     std::vector<account_settings> accounts);

  /// Shows from now on how a bus stands; nobody: there is none.
  void show_bus(bus_status_actor bus);

  /// @returns who calls the API without HTTP, until this object ends.
  const api_caller_actor& caller() const noexcept;

  /// @returns what can be called there.
  static std::vector<api_verb> verbs();

  /// Takes no new connections, ends streams of events, and closes connections
  /// once they have their answers. Returns at once.
  void drain();

  /// Closes everything. Must not be called from a thread of the runtime.
  void stop();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace orc
