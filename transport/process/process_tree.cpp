#include "transport/process/process_tree.hpp"

#include "transport/process/process_table.hpp"
#include "transport/process/spawn.hpp"
#include "transport/process/worker_sweep.hpp"

#include <sys/syscall.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <unistd.h>

namespace orc {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// SIGKILL takes as long as the disk that a process waits for.
constexpr auto patience = 2s;

/// @returns whether all are gone in time.
bool wait_for(std::vector<owned_fd>& files, clock::time_point until) {
  while (!files.empty()) {
    std::vector<pollfd> polls;
    for (const auto& x : files)
      polls.push_back({x.get(), POLLIN, 0});
    auto left
      = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
    if (left <= 0ms
        || ::poll(polls.data(), polls.size(), static_cast<int>(left.count()))
             <= 0)
      return false;
    for (std::size_t i = files.size(); i-- > 0;)
      if (polls[i].revents != 0)
        files.erase(files.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return true;
}

} // namespace

std::vector<int> find_marked(std::string_view variable) {
  std::vector<int> result;
  for_each_process([&](const process_entry& x) {
    if (x.pid != ::getpid() && has_variable(x.pid, variable))
      result.push_back(x.pid);
  });
  return result;
}

std::vector<int> find_worker_processes(std::string_view mark) {
  auto name = std::string{worker_variable} + "=";
  std::vector<int> result;
  for_each_process([&](const process_entry& x) {
    if (x.pid == ::getpid())
      return;
    auto value = variable_of_process(x.pid, name);
    if (value.find(mark) != std::string::npos)
      result.push_back(x.pid);
  });
  return result;
}

void end_processes(const std::vector<int>& pids,
                   std::chrono::milliseconds grace) {
  std::vector<owned_fd> files;
  for (auto pid : pids)
    if (owned_fd fd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))})
      files.push_back(std::move(fd));
  auto tell = [&](int signal) {
    for (const auto& x : files)
      ::syscall(SYS_pidfd_send_signal, x.get(), signal, nullptr, 0);
  };
  if (grace > 0ms) {
    tell(SIGTERM);
    wait_for(files, clock::now() + grace);
  }
  tell(SIGKILL);
  wait_for(files, clock::now() + patience);
  for (auto pid : pids)
    reap_stray(pid);
}

void reap_strays() {
  std::error_code problem;
  for (const auto& thread :
       std::filesystem::directory_iterator{"/proc/self/task", problem}) {
    std::ifstream in{thread.path() / "children"};
    for (int pid = 0; in >> pid;)
      reap_stray(pid);
  }
}

} // namespace orc
