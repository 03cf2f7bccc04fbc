#pragma once

#include "messages/base/units.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace orc::app {

/// @returns `0.4s`, `12s`, `3m05s`, `2h14m`, `3d04h`.
std::string print_duration(std::chrono::milliseconds x);

/// @returns `$0.0123`, `$1.25`, `<$0.0001`, `$0`.
std::string print_usd(double x);

/// @returns `512 MB`, `4 GB`.
std::string print_memory(mebibytes x);

/// @returns `1,234,567`.
std::string print_count(std::uint64_t x);

/// @returns `1 run`, `3 runs`.
std::string print_count(std::uint64_t x, const std::string& thing);

/// @returns what is there, else `-`.
template <class T, class F>
std::string print_or_dash(const std::optional<T>& x, F&& print) {
  return x ? print(*x) : std::string{"-"};
}

} // namespace orc::app
