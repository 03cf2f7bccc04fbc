#pragma once

#include "messages/run_record.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace orc::server::v2 {

/// What a path of the platform's API is about, as far as it matters here.
enum class subject : std::uint8_t {
  /// Nothing that we change: it is passed on untouched.
  other,
  /// `(acts|actors|actor-tasks)/{id}/(runs|run-sync…)`: the runs of a target,
  /// and starts.
  target,
  /// `(acts|actors|actor-tasks)/{id}/runs/last…`: one run and its
  /// sub-resources.
  last_run,
  /// `actor-runs`: all runs.
  all_runs,
  /// `actor-runs/{id}…`: one run and its sub-resources.
  run,
  /// `logs/{id}`.
  log,
  dataset,
  key_value_store,
  request_queue,
};

/// What a target is asked for.
enum class start_kind : std::uint8_t {
  /// `runs`: the run itself.
  plain,
  /// `run-sync`: a record of its key-value store, once it has ended.
  record,
  /// `run-sync-get-dataset-items`.
  items,
};

/// A path of the platform's API, taken apart.
struct place {
  subject about = subject::other;
  /// Of starts, lists and last runs.
  run_target target = {};
  start_kind kind = start_kind::plain;
  /// Of a run, log or storage, decoded.
  std::string id = {};
  /// What follows the run or the id, as sent: "" or `/dataset/items`.
  std::string rest = {};
};

/// @param path as sent, from `/v2` on, without a query.
place parse_place(std::string_view path);

/// @returns a query, as sent, without its token.
std::string without_token(std::string_view query);

} // namespace orc::server::v2
