#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/names.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/units.hpp"
#include "messages/pool/pool_settings.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::app {

/// How tasks with one key are done.
enum class key_rule : std::uint8_t { merge, serial };

} // namespace orc::app

namespace orc {

template <>
struct enum_names<app::key_rule> {
  static constexpr std::array<std::string_view, 2> values{"merge", "serial"};
};

} // namespace orc

namespace orc::app {

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

} // namespace orc::app
