#pragma once

#include <cstdint>
#include <string>

namespace orc::emulator {

/// One account of the emulated platform.
struct user {
  std::string id;
  std::string name;
  std::string token;
  /// All unfinished runs together may have so much.
  std::int64_t memory_mbytes = 16384;
  std::int64_t max_runs = 25;
};

} // namespace orc::emulator
