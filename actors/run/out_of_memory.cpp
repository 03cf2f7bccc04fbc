#include "actors/run/out_of_memory.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

namespace orc {

namespace {

/// 128 and the number of SIGKILL.
constexpr std::int64_t killed = 137;

constexpr std::array<std::string_view, 3> phrases{"out of memory",
                                                  "memory limit", "heap limit"};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

} // namespace

bool ran_out_of_memory(const remote_run& x) {
  if (x.status != remote_status::failed)
    return false;
  if (x.exit_code == killed)
    return true;
  auto message = lower(x.status_message.value_or(""));
  return std::ranges::any_of(phrases, [&](std::string_view phrase) {
    return message.find(phrase) != std::string::npos;
  });
}

} // namespace orc
