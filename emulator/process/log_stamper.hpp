#pragma once

#include "emulator/api/clock.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace orc::emulator {

/// Makes the log of a run out of its program's output: every line starts with
/// the time at which it began, and there is an end to what is kept.
class log_stamper {
public:
  explicit log_stamper(std::size_t max_chars) : left_(max_chars) {
    // nop
  }

  /// @returns the lines that `output` completes, stamped, each with its `\n`.
  std::string add(std::string_view output, moment when);

  /// @returns what is left of a line without an end.
  std::string finish();

private:
  void take(std::string_view text);

  std::size_t left_;
  /// The stamped beginning of a line.
  std::string line_;
};

} // namespace orc::emulator
