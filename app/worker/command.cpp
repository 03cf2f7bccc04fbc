#include "app/worker/command.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <string_view>
#include <unistd.h>

extern char** environ;

namespace orc::app {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// More than that no task may answer.
constexpr std::size_t largest_output = std::size_t{10} << 20;
constexpr std::size_t longest_words = 2000;

/// How long we may not notice that it is to be stopped.
constexpr auto glance = 100ms;

class pipe_end {
public:
  explicit pipe_end(int fd) : fd_{fd} {
    // nop
  }

  pipe_end(const pipe_end&) = delete;
  pipe_end& operator=(const pipe_end&) = delete;

  ~pipe_end() {
    close();
  }

  int fd() const {
    return fd_;
  }

  bool is_open() const {
    return fd_ >= 0;
  }

  void close() {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = -1;
  }

private:
  int fd_;
};

/// One program while it runs.
class running_command {
public:
  explicit running_command(const command_options& x) : options_{x} {
    // nop
  }

  command_result run() {
    if (!start()) {
      result_.how = command_result::end::not_started;
      result_.last_words = std::strerror(errno);
      return std::move(result_);
    }
    began_ = last_beat_ = clock::now();
    while (!is_over())
      watch();
    settle();
    return std::move(result_);
  }

private:
  /// @returns false, and why in `errno`, if the program cannot be run.
  bool start() {
    std::array<std::array<int, 2>, 4> pipes{};
    for (auto& ends : pipes)
      if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return false;
    auto variables = make_environment();
    auto words = pointers(options_.words);
    pid_ = ::fork();
    if (pid_ == 0)
      become(pipes, words, variables);
    auto& [in, out, err, fault] = pipes;
    for (auto fd : {in[0], out[1], err[1], fault[1]})
      ::close(fd);
    in_ = std::make_unique<pipe_end>(in[1]);
    out_ = std::make_unique<pipe_end>(out[0]);
    err_ = std::make_unique<pipe_end>(err[0]);
    pipe_end faults{fault[0]};
    if (pid_ < 0)
      return false;
    // Closed without a word if the program runs.
    int problem = 0;
    if (::read(faults.fd(), &problem, sizeof problem) == sizeof problem) {
      ::waitpid(pid_, nullptr, 0);
      errno = problem;
      return false;
    }
    for (auto fd : {in_->fd(), out_->fd(), err_->fd()})
      ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    return true;
  }

  /// In the child, where nothing may be allocated.
  [[noreturn]] static void
  become(const std::array<std::array<int, 2>, 4>& pipes,
         const std::vector<char*>& words, const std::vector<char*>& variables) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(pipes[0][0], STDIN_FILENO);
    ::dup2(pipes[1][1], STDOUT_FILENO);
    ::dup2(pipes[2][1], STDERR_FILENO);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    ::execvpe(words[0], words.data(), variables.data());
    auto problem = errno;
    [[maybe_unused]] auto told = ::write(pipes[3][1], &problem, sizeof problem);
    ::_exit(127);
  }

  std::vector<char*> make_environment() {
    for (auto** x = environ; *x != nullptr; ++x)
      texts_.emplace_back(*x);
    for (const auto& [name, value] : options_.variables) {
      auto prefix = name + "=";
      std::erase_if(texts_, [&](const std::string& x) {
        return x.starts_with(prefix);
      });
      texts_.push_back(prefix + value);
    }
    return pointers(texts_);
  }

  static std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (const auto& x : texts)
      result.push_back(const_cast<char*>(x.c_str()));
    result.push_back(nullptr);
    return result;
  }

  bool is_over() {
    if (!is_reaped_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) {
      is_reaped_ = true;
      // Whatever it left behind ends with it, and closes the pipes.
      ::kill(-pid_, SIGKILL);
    }
    return is_reaped_ && !out_->is_open() && !err_->is_open();
  }

  void watch() {
    std::array<pollfd, 3> files{pollfd{out_->fd(), POLLIN, 0},
                                pollfd{err_->fd(), POLLIN, 0},
                                pollfd{in_->fd(), POLLOUT, 0}};
    ::poll(files.data(), files.size(), static_cast<int>(glance / 1ms));
    if (files[0].revents != 0)
      take(*out_, result_.output, largest_output, -1);
    if (files[1].revents != 0)
      take(*err_, words_, longest_words, STDERR_FILENO);
    if (files[2].revents != 0)
      give();
    look_around();
  }

  /// @param pass_on a file to which it is written, too, or -1.
  static void
  take(pipe_end& from, std::string& to, std::size_t most, int pass_on) {
    std::array<char, 65536> piece{};
    auto size = ::read(from.fd(), piece.data(), piece.size());
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
      return from.close();
    if (size < 0)
      return;
    auto got = std::string_view{piece.data(), static_cast<std::size_t>(size)};
    if (pass_on >= 0) {
      [[maybe_unused]] auto written = ::write(pass_on, got.data(), got.size());
      // Only the end counts.
      to.append(got);
      if (to.size() > most)
        to.erase(0, to.size() - most);
      return;
    }
    to.append(got.substr(0, most - std::min(most, to.size())));
  }

  void give() {
    const auto& text = options_.input;
    auto size = ::write(in_->fd(), text.data() + given_, text.size() - given_);
    if (size > 0)
      given_ += static_cast<std::size_t>(size);
    else if (size < 0 && errno != EAGAIN && errno != EINTR)
      return in_->close();
    if (given_ == text.size())
      in_->close();
  }

  void look_around() {
    auto now = clock::now();
    if (ended_at_) {
      if (now - *ended_at_ > options_.grace)
        ::kill(-pid_, SIGKILL);
      return;
    }
    using end = command_result::end;
    if (options_.stop && *options_.stop)
      return terminate(end::stopped);
    if (options_.timeout.count() > 0 && now - began_ > options_.timeout)
      return terminate(end::timed_out);
    if (options_.on_beat && now - last_beat_ > options_.beat) {
      last_beat_ = now;
      if (!options_.on_beat())
        terminate(end::stopped);
    }
  }

  void terminate(command_result::end why) {
    result_.how = why;
    ended_at_ = clock::now();
    ::kill(-pid_, SIGTERM);
  }

  void settle() {
    while (words_.ends_with('\n'))
      words_.pop_back();
    result_.last_words = words_.substr(words_.rfind('\n') + 1);
    if (WIFEXITED(status_))
      result_.code = WEXITSTATUS(status_);
    else
      result_.code = WTERMSIG(status_);
    // One that made use of its grace has done its work.
    auto is_done = WIFEXITED(status_) && result_.code == 0;
    if (is_done && result_.how == command_result::end::stopped)
      result_.how = command_result::end::exited;
    else if (!ended_at_ && WIFSIGNALED(status_))
      result_.how = command_result::end::killed;
  }

  const command_options& options_;
  command_result result_;
  std::vector<std::string> texts_;
  std::string words_;
  std::unique_ptr<pipe_end> in_;
  std::unique_ptr<pipe_end> out_;
  std::unique_ptr<pipe_end> err_;
  pid_t pid_ = -1;
  int status_ = 0;
  bool is_reaped_ = false;
  std::size_t given_ = 0;
  clock::time_point began_;
  clock::time_point last_beat_;
  std::optional<clock::time_point> ended_at_;
};

} // namespace

command_result run_command(const command_options& x) {
  // A program need not read what it is given.
  ::signal(SIGPIPE, SIG_IGN);
  return running_command{x}.run();
}

} // namespace orc::app
