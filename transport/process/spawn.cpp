#include "transport/process/spawn.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <set>
#include <string_view>
#include <unistd.h>

extern char** environ;

namespace orc {

namespace {

/// What was started and not reaped yet, by whichever thread: no strays. The
/// mutex is held while one is made and while one is reaped, so that no number
/// in it is free, or another's.
std::mutex awaited_mutex;
std::set<int> awaited;

/// A pipe whose ends are closed on exec.
struct pipe_ends {
  owned_fd read;
  owned_fd write;

  bool open() {
    std::array<int, 2> fds{};
    if (pipe2(fds.data(), O_CLOEXEC) != 0)
      return false;
    read = owned_fd{fds[0]};
    write = owned_fd{fds[1]};
    return true;
  }
};

/// The strings of a command or an environment as `exec` wants them.
class c_strings {
public:
  explicit c_strings(const std::vector<std::string>& texts) {
    for (const auto& text : texts)
      pointers_.push_back(const_cast<char*>(text.c_str()));
    pointers_.push_back(nullptr);
  }

  char** data() {
    return pointers_.data();
  }

private:
  std::vector<char*> pointers_;
};

/// Finds a program the way a shell does, before the fork: allocating memory in
/// the child of a process with threads may deadlock.
std::string find_program(const spawn_options& options) {
  const auto& name = options.command.front();
  if (name.find('/') != std::string::npos)
    return name;
  std::string_view path = "/usr/local/bin:/usr/bin:/bin";
  for (const auto& entry : options.environment)
    if (entry.starts_with("PATH="))
      path = std::string_view{entry}.substr(5);
  while (!path.empty()) {
    auto end = std::min(path.find(':'), path.size());
    auto candidate = std::string{path.substr(0, end)} + '/' + name;
    if (access(candidate.c_str(), X_OK) == 0)
      return candidate;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return {};
}

/// All that the child needs, made before the fork.
struct child_plan {
  const char* program;
  const char* directory;
  char** arguments;
  char** environment;
  int input;
  int output;
  int errors;
  int error_pipe;
  pid_t parent;
  rlim_t address_space;
  char** groups;
};

void reset_signals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (auto number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGUSR1})
    signal(number, SIG_DFL);
}

/// Sockets are not opened close-on-exec by Boost.Asio.
void close_on_exec_all() {
  constexpr unsigned cloexec = 4; // CLOSE_RANGE_CLOEXEC, Linux 5.11
  if (syscall(SYS_close_range, 3U, ~0U, cloexec) == 0)
    return;
  for (int fd = 3; fd < 65536; ++fd)
    fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/// Best effort: a group that is gone limits nothing.
void join_groups(char** files) {
  for (; *files != nullptr; ++files)
    if (auto fd = open(*files, O_WRONLY | O_CLOEXEC); fd >= 0) {
      [[maybe_unused]] auto n = write(fd, "0", 1);
      close(fd);
    }
}

/// Becomes the program. Calls only what is safe after a fork.
[[noreturn]] void run_child(const child_plan& plan) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != plan.parent)
    _exit(127);
  reset_signals();
  join_groups(plan.groups);
  if (plan.address_space != RLIM_INFINITY) {
    rlimit most{plan.address_space, plan.address_space};
    setrlimit(RLIMIT_AS, &most);
  }
  auto input = plan.input >= 0 ? plan.input : open("/dev/null", O_RDONLY);
  auto ok = input >= 0 && dup2(input, 0) == 0 && dup2(plan.output, 1) == 1
            && dup2(plan.errors, 2) == 2;
  close_on_exec_all();
  if (ok && (*plan.directory == '\0' || chdir(plan.directory) == 0))
    execve(plan.program, plan.arguments, plan.environment);
  auto error = errno;
  [[maybe_unused]] auto n = write(plan.error_pipe, &error, sizeof(error));
  _exit(127);
}

process_error failed(std::string_view what, int error) {
  return {std::string{what} + ": " + std::strerror(error)};
}

/// Waits until the child has become the program.
/// @returns 0, or why it could not.
int await_exec(int error_pipe) {
  auto error = 0;
  ssize_t n = 0;
  do {
    n = read(error_pipe, &error, sizeof(error));
  } while (n < 0 && errno == EINTR);
  return n == sizeof(error) ? error : 0;
}

/// The pipes between us and a program.
struct plumbing {
  pipe_ends input;
  pipe_ends output;
  pipe_ends errors;
  pipe_ends faults;

  bool open(const spawn_options& options) {
    return (!options.reads_input || input.open())
           && (options.output == process_output::our_errors || output.open())
           && (options.output != process_output::two_pipes || errors.open())
           && faults.open();
  }

  /// @returns the program's standard output.
  int theirs() const {
    return output.write ? output.write.get() : STDERR_FILENO;
  }
};

/// @returns its pid, or -1.
pid_t fork_into(const child_plan& plan) {
  std::lock_guard guard{awaited_mutex};
  auto pid = fork();
  if (pid == 0)
    run_child(plan);
  if (pid > 0)
    awaited.insert(pid);
  return pid;
}

/// One that ends at once, for want of a program or by SIGKILL.
void forget(int pid) {
  std::lock_guard guard{awaited_mutex};
  waitpid(pid, nullptr, 0);
  awaited.erase(pid);
}

/// @returns nothing if nobody can tell any more.
std::optional<process_exit> await_end(const spawned& x, int flags) {
  siginfo_t info{};
  auto failed = 0;
  do {
    failed = waitid(P_PIDFD, static_cast<id_t>(x.pidfd.get()), &info,
                    WEXITED | flags);
  } while (failed != 0 && errno == EINTR);
  if (failed != 0)
    return std::nullopt;
  if (info.si_code == CLD_EXITED)
    return process_exit{info.si_status, 0};
  return process_exit{std::nullopt, info.si_status};
}

std::variant<spawned, process_error>
watch(int pid, plumbing& pipes, const std::string& what) {
  pipes.faults.write.reset();
  if (auto error = await_exec(pipes.faults.read.get()); error != 0) {
    forget(pid);
    return failed(what, error);
  }
  for (auto fd : {pipes.input.write.get(), pipes.output.read.get(),
                  pipes.errors.read.get()})
    if (fd >= 0)
      fcntl(fd, F_SETFL, O_NONBLOCK);
  owned_fd pidfd{static_cast<int>(syscall(SYS_pidfd_open, pid, 0))};
  if (!pidfd) {
    auto error = failed("cannot watch a process", errno);
    kill(-pid, SIGKILL);
    forget(pid);
    return error;
  }
  return spawned{pid, std::move(pidfd), std::move(pipes.input.write),
                 std::move(pipes.output.read), std::move(pipes.errors.read)};
}

} // namespace

owned_fd::~owned_fd() {
  reset();
}

void owned_fd::reset() noexcept {
  if (fd_ >= 0)
    close(fd_);
  fd_ = -1;
}

std::variant<spawned, process_error> spawn(const spawn_options& options) {
  auto program = find_program(options);
  if (program.empty())
    return process_error{options.command.front() + ": no such program"};
  plumbing pipes;
  if (!pipes.open(options))
    return failed("cannot make a pipe", errno);
  c_strings arguments{options.command};
  c_strings environment{options.environment};
  c_strings groups{options.groups};
  child_plan plan{program.c_str(),
                  options.directory.c_str(),
                  arguments.data(),
                  environment.data(),
                  pipes.input.read.get(),
                  pipes.theirs(),
                  pipes.errors.write ? pipes.errors.write.get()
                                     : pipes.theirs(),
                  pipes.faults.write.get(),
                  getpid(),
                  options.address_space.value_or(RLIM_INFINITY),
                  groups.data()};
  auto pid = fork_into(plan);
  if (pid < 0)
    return failed("cannot start a process", errno);
  setpgid(pid, pid);
  auto where = options.directory.empty() ? "" : " in " + options.directory;
  return watch(pid, pipes, program + where);
}

std::vector<std::string>
our_environment(const std::vector<std::pair<std::string, std::string>>& more) {
  std::vector<std::string> result;
  for (auto** x = environ; *x != nullptr; ++x)
    result.emplace_back(*x);
  for (const auto& [name, value] : more) {
    auto prefix = name + "=";
    std::erase_if(result,
                  [&](const std::string& x) { return x.starts_with(prefix); });
    result.push_back(prefix + value);
  }
  return result;
}

bool has_ended(const spawned& x) {
  pollfd file{x.pidfd.get(), POLLIN, 0};
  return poll(&file, 1, 0) > 0;
}

process_exit exit_of(const spawned& x) {
  return await_end(x, WNOWAIT).value_or(process_exit{});
}

std::optional<process_exit> reap(const spawned& x) {
  // Others need not wait for it, too.
  await_end(x, WNOWAIT);
  std::lock_guard guard{awaited_mutex};
  auto result = await_end(x, 0);
  awaited.erase(x.pid);
  return result;
}

void reap_stray(int pid) {
  std::lock_guard guard{awaited_mutex};
  if (!awaited.contains(pid))
    waitpid(pid, nullptr, WNOHANG);
}

} // namespace orc
