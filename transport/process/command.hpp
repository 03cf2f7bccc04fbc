#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orc {

/// A program that does one task.
struct command_options {
  /// The program, looked for in the PATH, and its arguments.
  std::vector<std::string> words;
  /// What it reads on standard input.
  std::string input;
  /// Names and values that its environment has besides ours.
  std::vector<std::pair<std::string, std::string>> variables;
  /// One of them, `NAME=value`: whatever has it and holds the output open when
  /// the program has ended is killed.
  std::string mark;
  /// It is killed after so long; 0: never.
  std::chrono::milliseconds timeout{0};
  /// What it has between SIGTERM and SIGKILL.
  std::chrono::milliseconds grace{30'000};
  /// How often `on_beat` is called while it runs.
  std::chrono::milliseconds beat{20'000};
  /// @returns whether it may go on; else it is ended.
  std::function<bool()> on_beat;
  /// Gets what it prints, as it comes, in place of `command_result::output`.
  std::function<void(std::string_view piece)> on_output;
  /// Set by whoever wants it ended.
  const std::atomic<bool>* stop = nullptr;
};

struct command_result {
  enum class end {
    exited,
    killed,
    timed_out,
    /// `stop` was set, or `on_beat` said so.
    stopped,
    not_started,
  };

  end how = end::exited;
  /// Exit code, or number of the signal, which is 0 if nobody could tell.
  int code = 0;
  std::string output;
  /// It printed more than 10 MiB, the rest of which `output` lacks.
  bool is_cut = false;
  /// The last line of standard error, which is passed on besides; as UTF-8.
  std::string last_words;
};

/// Runs a program in a process group of its own, to its end. What it leaves
/// running ends with it.
command_result run_command(const command_options& x);

} // namespace orc
