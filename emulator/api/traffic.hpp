#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace orc::emulator {

/// What went through the router since the start or the last reset.
struct traffic {
  std::uint64_t requests = 0;
  /// By `METHOD /pattern`.
  std::map<std::string, std::uint64_t> by_route;
  /// By `error.type`.
  std::map<std::string, std::uint64_t> errors;
};

} // namespace orc::emulator
