#include "messages/task/object_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace orc {

namespace {

constexpr std::size_t id_size = 24;
constexpr std::size_t key_size = 10;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')
         || (c >= 'A' && c <= 'F');
}

} // namespace

std::string make_object_id(id_of kind, timestamp created, std::uint32_t store,
                           std::uint64_t key) {
  auto origin = static_cast<std::uint32_t>(kind) << 22 | (store & 0x3fffff);
  return fmt::format("{:08x}{:06x}{:010x}", created.millis / 1000, origin, key);
}

std::optional<std::uint64_t> key_of_object_id(std::string_view id) {
  if (id.size() != id_size || !std::all_of(id.begin(), id.end(), is_hex))
    return std::nullopt;
  std::uint64_t result = 0;
  std::from_chars(id.data() + id_size - key_size, id.data() + id_size, result,
                  16);
  return result;
}

} // namespace orc
