#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace orc::bus {

// What the parts of BUS LINK have in common.

/// Between two attempts to connect.
inline constexpr std::chrono::milliseconds first_pause{250};
inline constexpr std::chrono::milliseconds longest_pause{5'000};

/// A stream that does not say for so long that it has a message may not have
/// it.
inline constexpr std::chrono::seconds publish_patience{5};

/// What is subscribed to.
namespace channel {

inline constexpr std::uint32_t commands = 0;
inline constexpr std::uint32_t service = 1;
inline constexpr std::uint32_t answers = 2;
inline constexpr std::uint32_t pulls = 3;

} // namespace channel

/// @returns the number behind the last dot and its letter.
inline std::pair<char, std::uint64_t> read_inbox(std::string_view subject) {
  auto last = subject.substr(subject.rfind('.') + 1);
  std::uint64_t id = 0;
  if (last.size() > 1)
    std::from_chars(last.data() + 1, last.data() + last.size(), id);
  return {last.empty() ? '\0' : last[0], id};
}

} // namespace orc::bus
