#include "emulator/api/ids.hpp"

#include <cstdint>
#include <random>

namespace orc::emulator {

namespace {

template <class Random>
std::string draw(Random& random) {
  // Without the characters that people mix up, as on the platform.
  static constexpr char alphabet[]
    = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz";
  auto result = std::string(17, ' ');
  for (auto& c : result)
    c = alphabet[random() % (sizeof(alphabet) - 1)];
  return result;
}

} // namespace

std::string new_id() {
  thread_local auto random
    = std::mt19937_64{(static_cast<std::uint64_t>(std::random_device{}()) << 32)
                      ^ std::random_device{}()};
  return draw(random);
}

std::string stable_id(std::string_view text) {
  // FNV-1a: std::hash may differ from one build to the next.
  auto seed = std::uint64_t{14695981039346656037U};
  for (const auto c : text)
    seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211U;
  auto random = std::mt19937_64{seed};
  return draw(random);
}

} // namespace orc::emulator
