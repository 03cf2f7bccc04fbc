#pragma once

namespace orc::app {

/// What the exit codes of every command mean.
enum exit_code : int {
  all_succeeded = 0,
  some_failed = 1,
  /// Bad usage, plan or configuration: nothing was started.
  bad_usage = 2,
  interrupted = 130,
};

} // namespace orc::app
