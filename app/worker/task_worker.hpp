#pragma once

#include "app/client/api_client.hpp"

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

namespace orc::app {

struct worker_options {
  std::string channel;
  std::vector<std::string> command;
  /// Tasks at a time.
  std::size_t parallel = 1;
  std::chrono::milliseconds lease{60'000};
  std::chrono::milliseconds timeout{0};
  std::chrono::milliseconds grace{30'000};
  /// The command prints a response with `output`, `error`, `children` and
  /// delays; otherwise all that it prints is the output.
  bool prints_response = false;
  /// The command reads `{"input","parents","task"}`, otherwise the input.
  bool reads_task = false;
  /// Ends once the channel has nothing to do.
  bool once = false;
  /// Ends after so long without a task; 0: never.
  std::chrono::milliseconds idle_exit{0};
  /// What it calls itself; "": a name that nobody else has.
  std::string id;
};

/// Set by whoever wants a worker to end.
struct worker_signs {
  /// Now: commands are stopped.
  std::atomic<bool> stop = false;
  /// When the tasks are done that it has.
  std::atomic<bool> leave = false;
};

/// How many tasks a worker did.
struct worker_tally {
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
};

/// Takes tasks of a channel and runs a command for each, until it is stopped.
/// A task whose command is stopped in the middle goes back to the channel, and
/// keeps its attempt.
/// @param polls asks for tasks, which may take long: whoever wants the worker
///              to end sets a sign, then stops this client.
[[nodiscard]] caf::expected<worker_tally>
work(api_client& client, api_client& polls, const worker_options& options,
     const worker_signs& signs);

} // namespace orc::app
