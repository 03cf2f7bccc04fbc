#pragma once

#include "app/config/tables/schedule.hpp"
#include "app/config/tables/worker.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace orc::app {

/// A pool in the configuration file.
struct pool_entry {
  std::string name;
  std::vector<schedule_entry> schedules;
  std::vector<worker_entry> workers;
  std::uint64_t limit = 12;
  milliseconds interval{1'000};
  std::uint64_t idle_ticks = 3;
  std::uint64_t failures = 3;
  milliseconds longest_backoff{60'000};
  std::vector<std::string> on_startup;
  std::vector<std::string> on_tick;
  std::vector<std::string> on_idle;
  std::vector<std::string> on_shutdown;
  milliseconds hook_timeout{30'000};

  static constexpr auto fields = describe(
    "pools", "A pool of local workers.",
    field("name", &pool_entry::name, presence::optional,
          "What it is called; `pool`, or `pool-2` and so on, if not given."),
    field("limit", &pool_entry::limit, presence::optional,
          "Most workers of all types together."),
    field("interval", &pool_entry::interval, presence::optional, "s",
          "Between two decisions; fractions are fine. Of each type at most one "
          "worker is started at a time."),
    field("idle_ticks", &pool_entry::idle_ticks, presence::optional,
          "`pool run` ends after so many decisions with nothing to do; 0: "
          "never."),
    field("failures", &pool_entry::failures, presence::optional,
          "After so many failures to start a worker of a type it waits longer "
          "and longer."),
    field("longest_backoff", &pool_entry::longest_backoff, presence::optional,
          "s", "The longest such wait."),
    field("on_startup", &pool_entry::on_startup, presence::optional,
          "Command that is run before the first decision."),
    field("on_tick", &pool_entry::on_tick, presence::optional,
          "Command that is run with each decision while there is work."),
    field("on_idle", &pool_entry::on_idle, presence::optional,
          "Command that is run when there is nothing to do any more."),
    field("on_shutdown", &pool_entry::on_shutdown, presence::optional,
          "Command that is run once no worker is left, whatever the reason."),
    field("hook_timeout", &pool_entry::hook_timeout, presence::optional, "s",
          "These commands are ended after so long."),
    field("workers", &pool_entry::workers, presence::optional,
          "Its types of workers."),
    field("schedules", &pool_entry::schedules, presence::optional,
          "Tasks that a daemon makes at their times."));
};

} // namespace orc::app
