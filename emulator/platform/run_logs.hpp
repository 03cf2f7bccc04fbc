#pragma once

#include "emulator/platform/run.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace orc::emulator {

/// Writes the logs of runs and tells those who follow them.
class run_logs {
public:
  /// Called with each new piece; with `done` once, after the last.
  using follower = std::function<void(const std::string& lines, bool done)>;

  /// What the platform keeps of a log.
  static constexpr auto max_chars = std::size_t{10'485'760};

  /// Appends whole lines that have time stamps.
  void append(run& which, std::string_view lines);

  /// Appends a line of the platform's own, after a time stamp.
  void say(run& which, std::string_view line);

  void follow(const run& which, follower f);

  /// The log is complete.
  void close(const run& which);

private:
  std::unordered_map<std::string, std::vector<follower>> followers_;
};

} // namespace orc::emulator
