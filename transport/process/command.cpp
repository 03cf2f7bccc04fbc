#include "transport/process/command.hpp"

#include "messages/base/utf8.hpp"
#include "transport/process/process_tree.hpp"
#include "transport/process/spawn.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <poll.h>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// More than that no task may answer.
constexpr std::size_t largest_output = std::size_t{10} << 20;
constexpr std::size_t longest_words = 2000;

/// How long we may not notice that it is to be stopped.
constexpr auto glance = 100ms;

/// How long the output of a program that has ended is waited for.
constexpr auto patience = 3s;

/// One program while it runs.
class running_command {
public:
  explicit running_command(const command_options& x) : options_{x} {
    // nop
  }

  command_result run() {
    if (!start())
      return std::move(result_);
    began_ = last_beat_ = clock::now();
    while (!is_over())
      watch();
    settle();
    return std::move(result_);
  }

private:
  /// @returns false, and why in the result, if the program cannot be run.
  bool start() {
    spawn_options wanted;
    wanted.command = options_.words;
    wanted.environment = our_environment(options_.variables);
    wanted.reads_input = true;
    wanted.output = process_output::two_pipes;
    auto begun = spawn(wanted);
    if (auto* problem = std::get_if<process_error>(&begun)) {
      result_.how = command_result::end::not_started;
      result_.last_words = problem->message;
      return false;
    }
    program_ = std::move(std::get<spawned>(begun));
    return true;
  }

  bool is_over() {
    if (!is_reaped_ && has_ended(program_)) {
      // Whatever it left behind ends with it, and closes the pipes. Before it
      // is reaped: until then nobody else can have its number.
      tell(SIGKILL);
      exit_ = reap(program_);
      is_reaped_ = true;
      program_.pidfd.reset();
      reaped_at_ = clock::now();
    }
    if (is_reaped_)
      end_strays();
    return is_reaped_ && !program_.output && !program_.errors;
  }

  /// Those that have left the group, with our pipes in their hands.
  void end_strays() {
    auto waited = clock::now() - reaped_at_;
    if ((!program_.output && !program_.errors) || waited < glance)
      return;
    if (!std::exchange(has_hunted_, true) && !options_.mark.empty())
      end_processes(find_marked(options_.mark));
    if (waited > patience) {
      program_.output.reset();
      program_.errors.reset();
    }
  }

  /// To all of its group.
  /// @pre it is not reaped
  void tell(int signal) const {
    ::kill(-program_.pid, signal);
  }

  void watch() {
    std::array<pollfd, 4> files{pollfd{program_.output.get(), POLLIN, 0},
                                pollfd{program_.errors.get(), POLLIN, 0},
                                pollfd{program_.input.get(), POLLOUT, 0},
                                pollfd{program_.pidfd.get(), POLLIN, 0}};
    ::poll(files.data(), files.size(), static_cast<int>(glance / 1ms));
    if (files[0].revents != 0)
      take(program_.output, result_.output, largest_output, -1,
           options_.on_output);
    if (files[1].revents != 0)
      take(program_.errors, words_, longest_words, STDERR_FILENO, {});
    if (files[2].revents != 0)
      give();
    look_around();
  }

  /// @param pass_on a file to which it is written, too, or -1.
  /// @param tell gets it in place of `to`.
  void take(owned_fd& from, std::string& to, std::size_t most, int pass_on,
            const std::function<void(std::string_view)>& tell) {
    std::array<char, 65536> piece{};
    auto size = ::read(from.get(), piece.data(), piece.size());
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
      return from.reset();
    if (size < 0)
      return;
    auto got = std::string_view{piece.data(), static_cast<std::size_t>(size)};
    if (tell)
      return tell(got);
    if (pass_on >= 0) {
      [[maybe_unused]] auto written = ::write(pass_on, got.data(), got.size());
      // Only the end counts.
      to.append(got);
      if (to.size() > most)
        to.erase(0, to.size() - most);
      return;
    }
    auto fits = got.substr(0, most - std::min(most, to.size()));
    result_.is_cut = result_.is_cut || fits.size() < got.size();
    to.append(fits);
  }

  void give() {
    const auto& text = options_.input;
    auto size = ::write(program_.input.get(), text.data() + given_,
                        text.size() - given_);
    if (size > 0)
      given_ += static_cast<std::size_t>(size);
    else if (size < 0 && errno != EAGAIN && errno != EINTR)
      return program_.input.reset();
    if (given_ == text.size())
      program_.input.reset();
  }

  void look_around() {
    // It is no more stopped, and in time, whoever holds its output open.
    if (is_reaped_ || has_ended(program_))
      return;
    auto now = clock::now();
    if (ended_at_) {
      if (now - *ended_at_ > options_.grace)
        tell(SIGKILL);
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
    tell(SIGTERM);
  }

  void settle() {
    while (words_.ends_with('\n'))
      words_.pop_back();
    result_.last_words = to_utf8(words_.substr(words_.rfind('\n') + 1));
    // One that nobody can tell of has not done its work.
    auto how = exit_.value_or(process_exit{});
    result_.code = how.code.value_or(how.signal);
    // One that made use of its grace has.
    if (how.ok() && result_.how == command_result::end::stopped)
      result_.how = command_result::end::exited;
    else if (!ended_at_ && !how.code)
      result_.how = command_result::end::killed;
  }

  const command_options& options_;
  command_result result_;
  std::string words_;
  spawned program_;
  bool is_reaped_ = false;
  /// Nothing if somebody else was told.
  std::optional<process_exit> exit_;
  bool has_hunted_ = false;
  clock::time_point reaped_at_;
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

} // namespace orc
