#pragma once

#include <string>

namespace orc::emulator {

/// An answer other than success. A handler may throw it: the router answers it.
struct api_error {
  int status = 400;
  /// Of the platform's list, such as `record-not-found`.
  std::string type;
  std::string message;
  /// JSON of `error.data`, or empty.
  std::string data = {};
};

} // namespace orc::emulator
