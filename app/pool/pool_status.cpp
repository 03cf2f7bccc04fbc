#include "app/pool/pool_status.hpp"

#include "app/cli/exit_code.hpp"
#include "app/text/table.hpp"
#include "messages/json/json.hpp"
#include "transport/process/orchestrator_lock.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace orc::app {

namespace {

using namespace std::chrono_literals;

/// Beyond the graces of all workers.
constexpr auto patience = 60s;
constexpr auto glance = 20ms;

std::string quoted(const live_worker& x) {
  return fmt::format(R"({{"type":{},"number":{},"pid":{},"since":{}}})",
                     json_quote(x.file.type), x.file.number, x.is.pid,
                     json_quote(to_string(x.is.began)));
}

} // namespace

std::optional<int> print_if_running(const config& options, bool json) {
  auto holder = orchestrator_lock::holder(options.data);
  if (!holder)
    return std::nullopt;
  if (json)
    fmt::print(R"({{"event":"already-running","pid":{},"started":false}})"
               "\n",
               holder->pid);
  else
    fmt::print("already running: {}\n", holder->pid);
  return all_succeeded;
}

int print_is_running(const config& options, bool json) {
  auto holder = orchestrator_lock::holder(options.data);
  if (json)
    fmt::print(R"({{"running":{},"pid":{}}})"
               "\n",
               holder.has_value(),
               holder ? std::to_string(holder->pid) : "null");
  else
    fmt::print("{}\n", holder.has_value());
  return holder ? all_succeeded : some_failed;
}

int print_pool_status(const config& options, bool json) {
  auto holder = orchestrator_lock::holder(options.data);
  auto workers = live_workers(worker_folder(options.data));
  if (json) {
    std::string list;
    for (const auto& x : workers)
      list += (list.empty() ? "" : ",") + quoted(x);
    fmt::print(R"({{"running":{},"pid":{},"workers":[{}]}})"
               "\n",
               holder.has_value(),
               holder ? std::to_string(holder->pid) : "null", list);
    return all_succeeded;
  }
  if (holder)
    fmt::print("running: process {} since {}\n", holder->pid,
               to_string(holder->began));
  else
    fmt::print("not running\n");
  if (workers.empty())
    return all_succeeded;
  table out{{{"TYPE"},
             {"NUMBER", table::align::right},
             {"PROCESS", table::align::right},
             {"SINCE"}}};
  for (const auto& x : workers)
    out.add({x.file.type, std::to_string(x.file.number),
             std::to_string(x.is.pid), to_string(x.is.began)});
  for (const auto& line : out.lines())
    fmt::print("{}\n", line);
  return all_succeeded;
}

int stop_pools(const config& options, bool json) {
  auto holder = orchestrator_lock::holder(options.data);
  auto tell = [json](bool stopped, int pid) {
    if (json)
      fmt::print(R"({{"event":"pool-stopped","stopped":{},"pid":{}}})"
                 "\n",
                 stopped, pid > 0 ? std::to_string(pid) : "null");
    else if (stopped)
      fmt::print("stopped: {}\n", pid);
    else
      fmt::print("not running\n");
    return all_succeeded;
  };
  if (!holder || holder->pid <= 0)
    return tell(false, 0);
  if (holder->filter == service_kind) {
    fmt::print(stderr,
               "apify-orchestrator: these pools belong to the service that is "
               "process {}: stop that\n",
               holder->pid);
    return some_failed;
  }
  ::kill(holder->pid, SIGTERM);
  auto until = std::chrono::steady_clock::now() + patience;
  while (auto now = orchestrator_lock::holder(options.data)) {
    if (now->pid > 0 && now->pid != holder->pid)
      break;
    if (std::chrono::steady_clock::now() > until) {
      fmt::print(stderr,
                 "apify-orchestrator: process {} has not ended after {} s; "
                 "end it yourself, its workers go with it\n",
                 holder->pid, patience.count());
      return some_failed;
    }
    std::this_thread::sleep_for(glance);
  }
  return tell(true, holder->pid);
}

} // namespace orc::app
