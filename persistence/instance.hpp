#pragma once

#include <fmt/format.h>

#include <random>
#include <string>

namespace orc {

/// @returns the name of a new store, unique among all: 12 hexadecimal digits.
inline std::string make_instance() {
  std::random_device random;
  return fmt::format("{:08x}{:04x}", random(), random() & 0xffff);
}

} // namespace orc
