#pragma once

#include "messages/pool/worker_host.hpp"

#include <caf/expected.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace orc {

/// Starts workers and hooks, waits for their ends, and keeps the pid files of
/// workers. All of it happens on one thread, which sleeps until a process ends
/// or somebody asks for something; callbacks come on it, too.
///
/// What a worker has started ends with it: its process group, what is below it,
/// and what carries its id in its environment. Workers die with the thread.
class worker_keeper {
public:
  /// @param data the data directory, whose pools are ours alone.
  explicit worker_keeper(const std::filesystem::path& data);

  /// Kills what still runs.
  ~worker_keeper();

  worker_keeper(const worker_keeper&) = delete;
  worker_keeper& operator=(const worker_keeper&) = delete;

  using exit_callback = std::function<void(const worker_exited&)>;

  // Members may be called from any thread and return at once.

  /// @param on_exit called once, after `then`, if the worker was started.
  void
  start(start_worker x, std::function<void(caf::expected<worker_started>)> then,
        exit_callback on_exit);
  void stop(stop_worker x, std::function<void(bool)> then);
  void run(run_hook x, std::function<void(hook_ended)> then);
  void sweep(std::function<void(swept_workers)> then);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace orc
