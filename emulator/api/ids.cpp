#include "emulator/api/ids.hpp"

#include <random>

namespace orc::emulator {

std::string new_id() {
  // Without the characters that people mix up, as on the platform.
  static constexpr char alphabet[]
    = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz";
  thread_local auto random
    = std::mt19937_64{(static_cast<std::uint64_t>(std::random_device{}()) << 32)
                      ^ std::random_device{}()};
  auto pick
    = std::uniform_int_distribution<std::size_t>{0, sizeof(alphabet) - 2};
  auto result = std::string(17, ' ');
  for (auto& c : result)
    c = alphabet[pick(random)];
  return result;
}

} // namespace orc::emulator
