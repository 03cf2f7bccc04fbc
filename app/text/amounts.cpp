#include "app/text/amounts.hpp"

#include <fmt/format.h>

namespace orc::app {

std::string print_duration(std::chrono::milliseconds x) {
  auto seconds = x.count() / 1000;
  if (x.count() < 10'000)
    return fmt::format("{}.{}s", seconds, x.count() % 1000 / 100);
  if (seconds < 60)
    return fmt::format("{}s", seconds);
  if (seconds < 3600)
    return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  if (seconds < 86'400)
    return fmt::format("{}h{:02}m", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{}d{:02}h", seconds / 86'400, seconds / 3600 % 24);
}

std::string print_usd(double x) {
  if (x == 0)
    return "$0";
  if (x > 0 && x < 0.0001)
    return "<$0.0001";
  // Most runs cost less than a cent.
  return x < 1 ? fmt::format("${:.4f}", x) : fmt::format("${:.2f}", x);
}

std::string print_memory(mebibytes x) {
  if (x.count >= 1024 && x.count % 1024 == 0)
    return fmt::format("{} GB", x.count / 1024);
  return fmt::format("{} MB", x.count);
}

std::string print_count(std::uint64_t x) {
  auto text = std::to_string(x);
  for (auto i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3)
    text.insert(static_cast<std::size_t>(i), 1, ',');
  return text;
}

std::string print_count(std::uint64_t x, const std::string& thing) {
  return fmt::format("{} {}{}", print_count(x), thing, x == 1 ? "" : "s");
}

} // namespace orc::app
