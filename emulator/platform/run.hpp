#pragma once

#include "emulator/api/clock.hpp"
#include "emulator/api/run_storages.hpp"
#include "emulator/platform/actors.hpp"
#include "emulator/platform/agenda.hpp"
#include "emulator/platform/execution.hpp"
#include "emulator/platform/run_status.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orc::emulator {

class run_index;

struct run_options {
  std::string build = "latest";
  std::int64_t timeout_secs = 0;
  std::int64_t memory_mbytes = 1024;
  std::optional<std::int64_t> max_items;
  std::optional<double> max_total_charge_usd;
  bool restart_on_error = false;
};

struct run_meta {
  std::string origin = "API";
  std::string client_ip;
  std::string user_agent;
};

struct run_stats {
  std::int64_t input_bytes = 0;
  std::int32_t migrations = 0;
  std::int32_t reboots = 0;
  std::int32_t restarts = 0;
  std::int32_t resurrections = 0;
  /// Time spent running before `running_since`.
  std::chrono::milliseconds ran_before{0};
};

struct metamorph_record {
  moment created_at;
  std::string actor_id;
  std::string build_id;
  std::string input_key;
};

/// What only an unfinished run has.
struct live_run {
  std::unique_ptr<execution> work;
  moment running_since;
  std::optional<agenda::entry> next_step;
  std::optional<agenda::entry> timeout;
  /// Since when restarts on error are counted, and how many they are.
  moment restarts_since;
  int restarts = 0;
};

/// One run of an Apify actor.
struct run {
  std::string id;
  /// Position in the order of starts.
  std::uint64_t number = 0;
  const user* owner = nullptr;
  app* actor = nullptr;
  std::string actor_id;
  std::string build_id;
  std::string build_number;
  std::string task_id;
  run_status status = run_status::ready;
  bool is_status_message_terminal = false;
  std::string status_message;
  moment started_at;
  std::optional<moment> finished_at;
  std::optional<int> exit_code;
  run_options options;
  run_meta meta;
  run_storage_ids storages;
  std::string input_key = "INPUT";
  /// How many items a script pushed: it goes on there when resurrected.
  std::int64_t script_items = 0;
  run_stats stats;
  std::map<std::string, std::int64_t> charged_events;
  std::vector<std::string> charge_keys;
  std::vector<metamorph_record> metamorphs;
  /// Cost that a script names for the whole run.
  std::optional<double> scripted_usd;
  /// How long after its end its cost is not told.
  std::optional<std::chrono::milliseconds> usage_after;
  double usage_usd = 0;
  /// How much of it the account was charged already.
  double billed_usd = 0;
  std::vector<std::string> webhook_ids;
  std::string log;
  std::unique_ptr<live_run> live;
  /// The lists that show this run.
  std::vector<run_index*> shown_in;
};

/// @returns how long the run has been running, all its lives together.
std::chrono::milliseconds time_spent(const run& x, moment when);

} // namespace orc::emulator
