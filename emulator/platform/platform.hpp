#pragma once

#include "emulator/platform/accounts.hpp"
#include "emulator/platform/actors.hpp"
#include "emulator/platform/agenda.hpp"
#include "emulator/platform/fault_plan.hpp"
#include "emulator/platform/journal.hpp"
#include "emulator/platform/run_engine.hpp"
#include "emulator/platform/run_registry.hpp"
#include "emulator/platform/script.hpp"
#include "emulator/platform/scripted_execution.hpp"
#include "emulator/platform/tasks.hpp"
#include "emulator/platform/webhooks.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

namespace orc::emulator {

struct platform_options {
  engine_options engine;
  /// What scripted runs do unless their input says otherwise.
  script script_defaults;
  bool any_actor = false;
  bool limits_forbidden = false;
  /// Whether runs, and lists of them, show `meta.userAgent`.
  bool user_agent = true;
  bool user_agent_in_lists = true;
  std::uint64_t seed = 1;
};

/// All that the emulated platform consists of, but for its storages.
struct platform {
  /// All references must outlive it.
  platform(const platform_options& opts, disk files, run_storages& data,
           run_engine::factory make_work, webhook_sender& sender)
    : options(opts), saved(std::move(files)), actors(opts.any_actor),
      storages(data), faults(opts.seed),
      engine(opts.engine, plan, accounts, runs, data, saved,
             std::move(make_work)),
      webhooks(plan, sender, saved) {
    // nop
  }

  platform(const platform&) = delete;
  platform& operator=(const platform&) = delete;

  platform_options options;
  /// First, for it outlives what cancels its entries.
  agenda plan;
  journal saved;
  account_book accounts;
  actor_catalog actors;
  task_book tasks;
  run_storages& storages;
  fault_plan faults;
  failure_counts script_failures;
  /// How many start requests of each key met the fault of their script.
  std::unordered_map<std::string, std::int64_t> script_faults;
  run_registry runs;
  run_engine engine;
  webhook_book webhooks;
};

} // namespace orc::emulator
