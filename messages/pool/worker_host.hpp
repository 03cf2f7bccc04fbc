#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/message.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/timestamp.hpp"
#include "messages/base/units.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orc {

/// A worker that was started has ended, with all that it had started.
struct worker_exited {
  std::string worker;
  /// Exit code, or number of the signal.
  int code = 0;
  bool by_signal = false;
  /// Somebody had asked for it.
  bool was_stopped = false;

  static constexpr auto fields = describe(
    "worker_exited", "A worker has ended.",
    field("worker", &worker_exited::worker, "Its id."),
    field("code", &worker_exited::code, "Exit code, or the signal."),
    field("bySignal", &worker_exited::by_signal, "It was killed."),
    field("wasStopped", &worker_exited::was_stopped, "It was asked to end."));
};

using worker_sink = caf::typed_actor<caf::reacts_to<worker_exited>>;

/// Most that a worker may use; what is not given is not limited.
struct worker_limits {
  std::optional<mebibytes> memory;
  /// Cores.
  std::optional<double> cpu;

  static constexpr auto fields
    = describe("worker_limits", "Most that a worker may use.",
               field("memory", &worker_limits::memory, presence::optional,
                     "MiB", "Memory."),
               field("cpu", &worker_limits::cpu, presence::optional, "cores",
                     "Processor time, 0.5 is half a core."));
};

/// Starts a worker: a program in a process group of its own.
struct start_worker {
  /// Names its pid file: `<type>_worker_<n>.pid`.
  std::string type;
  /// The third line of its pid file.
  std::string filter;
  std::vector<std::string> command;
  /// What its environment has besides ours. `{worker}` stands for its id.
  std::vector<std::pair<std::string, secret>> variables;
  worker_limits limits;
  /// What it has between SIGTERM and SIGKILL.
  std::chrono::milliseconds grace{5'000};
  /// Who is told of its end.
  worker_sink sink;

  template <class Inspector>
  friend auto inspect(Inspector& f, start_worker& x) {
    return f(caf::meta::type_name("start_worker"), x.type, x.filter, x.command,
             x.variables, x.limits, x.grace, x.sink);
  }
};

/// It runs, and its pid file is written.
struct worker_started {
  /// Its id, unique for all time.
  std::string worker;
  std::int64_t pid = 0;
  timestamp since;

  static constexpr auto fields
    = describe("worker_started", "A worker runs.",
               field("worker", &worker_started::worker, "Its id."),
               field("pid", &worker_started::pid, "Of its process."),
               field("since", &worker_started::since, "When it began."));
};

/// Ends a worker: SIGTERM, its grace, SIGKILL to all that it has started.
struct stop_worker {
  std::string worker;
  /// SIGUSR1 instead: it ends when its task is done, however long that takes.
  bool after_its_task = false;

  static constexpr auto fields
    = describe("stop_worker", "Ends a worker.",
               field("worker", &stop_worker::worker, "Its id."),
               field("afterItsTask", &stop_worker::after_its_task,
                     "It may finish what it has."));
};

struct worker_signalled {
  /// False: there was none.
  bool was_there = false;

  static constexpr auto fields
    = describe("worker_signalled", "A worker was told.",
               field("wasThere", &worker_signalled::was_there, "Or not."));
};

/// Runs a command to its end.
struct run_hook {
  std::vector<std::string> command;
  std::vector<std::pair<std::string, std::string>> variables;
  /// It is killed after so long.
  std::chrono::milliseconds timeout{30'000};

  template <class Inspector>
  friend auto inspect(Inspector& f, run_hook& x) {
    return f(caf::meta::type_name("run_hook"), x.command, x.variables,
             x.timeout);
  }
};

struct hook_ended {
  /// "": it ended with exit code 0.
  std::string problem;

  static constexpr auto fields
    = describe("hook_ended", "A command has ended.",
               field("problem", &hook_ended::problem, "What went wrong."));
};

/// Clears away what an earlier process has left: pid files that nobody stands
/// behind, and workers that still run.
struct sweep_workers {
  static constexpr auto fields
    = describe("sweep_workers", "Clears away what was left.");
};

struct swept_workers {
  /// Pid files that were removed.
  std::uint64_t files = 0;
  /// Processes that were ended.
  std::uint64_t orphans = 0;
  /// Ids of the workers that are gone.
  std::vector<std::string> workers;

  static constexpr auto fields = describe(
    "swept_workers", "What was cleared away.",
    field("files", &swept_workers::files, "Pid files that were removed."),
    field("orphans", &swept_workers::orphans, "Processes that were ended."),
    field("workers", &swept_workers::workers, "Ids of workers."));
};

/// The WORKER HOST interface: processes of this machine. Every answer but the
/// last says what has happened, not what was begun.
using worker_host_actor = caf::typed_actor<
  // Fails with `ec::bad_config` if the program cannot be run.
  caf::replies_to<start_worker>::with<worker_started>,
  caf::replies_to<run_hook>::with<hook_ended>,
  caf::replies_to<sweep_workers>::with<swept_workers>,
  // At once; `worker_exited` follows.
  caf::replies_to<stop_worker>::with<worker_signalled>>;

} // namespace orc

#define ORC_WORKER_HOST_MESSAGES(X)                                            \
  X(orc::worker_exited)                                                        \
  X(orc::start_worker)                                                         \
  X(orc::worker_started)                                                       \
  X(orc::stop_worker)                                                          \
  X(orc::worker_signalled)                                                     \
  X(orc::run_hook)                                                             \
  X(orc::hook_ended)                                                           \
  X(orc::sweep_workers)                                                        \
  X(orc::swept_workers)

ORC_WORKER_HOST_MESSAGES(ORC_DECLARE_MESSAGE)
