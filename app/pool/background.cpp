#include "app/pool/background.hpp"

#include "app/pool/worker_command.hpp"
#include "messages/base/error.hpp"
#include "transport/process/orchestrator_lock.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace orc::app {

namespace {

using namespace std::chrono_literals;

/// To open a store of a million tasks takes seconds.
constexpr auto patience = 60s;
constexpr auto glance = 20ms;

std::string last_line_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::string result;
  for (std::string line; std::getline(in, line);)
    if (!line.empty())
      result = line;
  return result;
}

/// @returns its pid, or -1 and why in `errno`.
pid_t launch(const std::vector<std::string>& words,
             const std::filesystem::path& log) {
  std::vector<char*> pointers;
  for (const auto& x : words)
    pointers.push_back(const_cast<char*>(x.c_str()));
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, 1, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_adddup2(&files, 1, 2);
  posix_spawnattr_t how;
  ::posix_spawnattr_init(&how);
  ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID);
  pid_t pid = -1;
  auto problem = ::posix_spawn(&pid, pointers.front(), &files, &how,
                               pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&how);
  errno = problem;
  return problem == 0 ? pid : -1;
}

} // namespace

caf::expected<int>
start_in_background(const std::vector<std::string>& arguments,
                    const std::filesystem::path& data) {
  auto log = worker_folder(data) / "orchestrator.log";
  std::error_code ignored;
  std::filesystem::create_directories(log.parent_path(), ignored);
  std::vector<std::string> words{own_binary()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto pid = launch(words, log);
  if (pid < 0)
    return make_error(ec::bad_config,
                      fmt::format("cannot start in the background: {}",
                                  std::strerror(errno)));
  auto until = std::chrono::steady_clock::now() + patience;
  auto has_ended = false;
  while (std::chrono::steady_clock::now() < until) {
    auto holder = orchestrator_lock::holder(data);
    if (holder && holder->pid > 0
        && holder->filter != orchestrator_lock::starting)
      return holder->pid;
    // Another one may have been faster: then that is waited for.
    if (has_ended && !holder)
      return make_error(ec::bad_config,
                        fmt::format("it ended at once: {}; see {}",
                                    last_line_of(log), log.string()));
    int status = 0;
    if (!has_ended && ::waitpid(pid, &status, WNOHANG) == pid) {
      has_ended = true;
      // It had nothing to do, or another one runs.
      if (status == 0 && !orchestrator_lock::holder(data))
        return pid;
      continue;
    }
    std::this_thread::sleep_for(glance);
  }
  return make_error(ec::timed_out,
                    fmt::format("it is not ready after {} s; see {}",
                                patience.count(), log.string()));
}

} // namespace orc::app
