#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/secret.hpp"
#include "messages/pool/worker_host.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace orc {

using std::chrono::milliseconds;

/// How the workers of a type are told of their tasks.
enum class worker_protocol : std::uint8_t {
  /// The worker kit, which runs the command once for each task.
  task,
  /// The command is a worker itself: it speaks the API for workers.
  worker,
};

template <>
struct enum_names<worker_protocol> {
  static constexpr std::array<std::string_view, 2> values{"task", "worker"};
};

/// One type of workers: all do the tasks of one channel.
struct worker_type {
  std::string name;
  std::string channel;
  worker_protocol protocol = worker_protocol::task;
  /// What is started: for `task`, the kit with the command behind.
  std::vector<std::string> command;
  std::vector<std::pair<std::string, secret>> variables;
  std::string filter;
  std::uint64_t limit = 4;
  double weight = 1;
  std::uint64_t tasks_per_worker = 1;
  /// How long its channel has nothing to do until its workers are stopped; 0:
  /// they stay. The kit's workers see to that themselves.
  milliseconds idle_exit{2'000};
  milliseconds grace{5'000};
  worker_limits limits;
  /// Tasks with one key are done one after the other.
  bool serial = false;
};

/// Commands that are run when something happens; none: nothing is.
struct pool_hooks {
  std::vector<std::string> startup;
  std::vector<std::string> tick;
  std::vector<std::string> idle;
  std::vector<std::string> shutdown;
  milliseconds timeout{30'000};
};

/// What makes a pool.
struct pool_settings {
  std::string name;
  std::vector<worker_type> types;
  /// Workers of all types together.
  std::uint64_t limit = 12;
  /// Between two ticks.
  milliseconds interval{1'000};
  /// Ends once so many ticks in a row had nothing to do; 0: never.
  std::uint64_t idle_ticks = 3;
  /// Failures to start a worker of a type, in a row, until it is waited.
  std::uint64_t failures = 3;
  milliseconds longest_backoff{60'000};
  pool_hooks hooks;
};

} // namespace orc
