#pragma once

#include "messages/base/secret.hpp"
#include "messages/pool/pool_settings.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::app {

/// How tasks with one key are done.
enum class key_rule : std::uint8_t { merge, serial };

/// A type of workers in the configuration file.
struct worker_entry {
  std::string name;
  std::string channel;
  worker_protocol protocol = worker_protocol::task;
  std::vector<std::string> command;
  std::map<std::string, secret> environment;
  std::uint64_t limit = 4;
  double weight = 1;
  std::uint64_t tasks_per_worker = 1;
  std::uint64_t parallel = 1;
  bool response = false;
  bool whole_task = false;
  milliseconds idle_exit{2'000};
  milliseconds grace{5'000};
  milliseconds lease{60'000};
  milliseconds timeout{0};
  std::optional<mebibytes> memory;
  std::optional<double> cpu;
  key_rule key = key_rule::merge;

  static constexpr auto fields = describe(
    "workers", "A type of local workers: all do the tasks of one channel.",
    field("name", &worker_entry::name, presence::optional,
          "What it is called in tick lines and pid files; the channel if not "
          "given."),
    field("channel", &worker_entry::channel, "Whose tasks it does."),
    field("protocol", &worker_entry::protocol, presence::optional,
          "task: the command is run once for each task, as by `worker`; "
          "worker: it takes tasks itself, over the API for workers, as those "
          "of Crew do."),
    field("command", &worker_entry::command,
          "The program and its arguments, such as [\"./resize.sh\"]."),
    field("environment", &worker_entry::environment, presence::optional,
          "Variables of its environment besides ours."),
    field("limit", &worker_entry::limit, presence::optional,
          "Most workers of this type."),
    field("weight", &worker_entry::weight, presence::optional,
          "Its share of the pool's limit, beside other types."),
    field("tasks_per_worker", &worker_entry::tasks_per_worker,
          presence::optional,
          "Another worker is started when more tasks wait than this times the "
          "workers that there are."),
    field("parallel", &worker_entry::parallel, presence::optional,
          "Tasks at a time of one worker; for protocol = task."),
    field("response", &worker_entry::response, presence::optional,
          "The command prints a response with output, error, children and "
          "delays; for protocol = task."),
    field("whole_task", &worker_entry::whole_task, presence::optional,
          "The command reads {\"input\", \"parents\", \"task\"}; for protocol "
          "= task."),
    field("idle_exit", &worker_entry::idle_exit, presence::optional, "s",
          "A worker without a task for so long ends; 0: it stays."),
    field("grace", &worker_entry::grace, presence::optional, "s",
          "Time between SIGTERM and SIGKILL."),
    field("lease", &worker_entry::lease, presence::optional, "s",
          "How long a task is kept from others when its worker says nothing; "
          "for protocol = task."),
    field("timeout", &worker_entry::timeout, presence::optional, "s",
          "Ends a command that takes longer; 0: never; for protocol = task."),
    field("memory_mbytes", &worker_entry::memory, presence::optional, "MiB",
          "Most memory of a worker with all that it starts, by cgroup; where "
          "there is none to be had, of each of its processes."),
    field("cpu", &worker_entry::cpu, presence::optional, "cores",
          "Most processor time of a worker, by cgroup: 0.5 is half a core."),
    field("key", &worker_entry::key, presence::optional,
          "Tasks with one key: merge, they are done as one; serial, one after "
          "the other, each for itself."));
};

/// A task that is made again and again, in the configuration file.
struct schedule_entry {
  std::string name;
  std::string channel;
  std::string input = "null";
  milliseconds every{0};

  static constexpr auto fields = describe(
    "schedules", "A task that is made again and again, while a daemon runs.",
    field("name", &schedule_entry::name, "What its tasks are called."),
    field("channel", &schedule_entry::channel, "Whose workers do it."),
    field("input", &schedule_entry::input, presence::optional,
          "JSON: what they get."),
    field("every", &schedule_entry::every, presence::required, "s",
          "Between two of them; due at times that it divides, counted from "
          "1970 in UTC: 86400 is midnight."));
};

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
          "Tasks that a daemon makes again and again."));
};

/// What a configuration file says of pools, beside the rest of `config`.
struct pools_config {
  pool_entry pool;
  std::vector<pool_entry> pools;

  static constexpr auto fields
    = describe("pools_config", "Pools of local workers.",
               field("pool", &pools_config::pool, presence::optional,
                     "Local workers, of `pool run` and of `serve`."),
               field("pools", &pools_config::pools, presence::optional,
                     "Further pools of local workers."));
};

/// Reads what a configuration file says of pools, and checks it.
/// @param file "": there are none.
/// @returns `ec::bad_config` that names the option and what to do.
[[nodiscard]] caf::expected<pools_config> load_pools(const std::string& file);

/// Same, from memory.
/// @param path names the text in errors.
[[nodiscard]] caf::error
read_pools_text(std::string_view text, const std::string& path,
                pools_config& x);

/// @returns the pools, or `ec::bad_config`. Commands are as they were written.
caf::expected<std::vector<pool_settings>> pools_of(const pools_config& x);

/// @returns all pools that have workers, with names.
std::vector<pool_entry> pool_entries_of(const pools_config& x);

} // namespace orc::app

namespace orc {

template <>
struct enum_names<app::key_rule> {
  static constexpr std::array<std::string_view, 2> values{"merge", "serial"};
};

} // namespace orc
