#include "transport/server/v2/virtual_id.hpp"

#include "transport/server/digest.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <utility>

namespace orc::server::v2 {

namespace {

/// The platform's: no letter that could be taken for another.
constexpr std::string_view digits
  = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz";

constexpr std::size_t key_digits = 8;
constexpr std::size_t check_digits = 9;
constexpr std::uint64_t key_mask = (std::uint64_t{1} << 46) - 1;
constexpr std::uint64_t check_mask = (std::uint64_t{1} << 52) - 1;

std::uint64_t hash(const std::string& text) {
  std::uint64_t result = 0;
  auto bytes = sha256(text);
  std::memcpy(&result, bytes.data(), sizeof(result));
  return result;
}

std::string to_digits(std::uint64_t x, std::size_t count) {
  std::string result(count, digits.front());
  for (auto i = count; i > 0; x /= digits.size())
    result[--i] = digits[x % digits.size()];
  return result;
}

std::optional<std::uint64_t> from_digits(std::string_view text) {
  std::uint64_t result = 0;
  for (auto c : text) {
    auto value = digits.find(c);
    if (value == std::string_view::npos)
      return std::nullopt;
    result = result * digits.size() + value;
  }
  return result;
}

} // namespace

virtual_ids::virtual_ids(std::string instance)
  : instance_{std::move(instance)} {
  // nop
}

std::string virtual_ids::make(run_key key) const {
  auto check
    = hash(fmt::format("run {} of {}", key.value, instance_)) & check_mask;
  // Hides that keys count up.
  auto pad = hash(fmt::format("pad {} of {}", check, instance_)) & key_mask;
  return to_digits(key.value ^ pad, key_digits)
         + to_digits(check, check_digits);
}

std::optional<run_key> virtual_ids::parse(std::string_view id) const {
  if (id.size() != key_digits + check_digits)
    return std::nullopt;
  auto hidden = from_digits(id.substr(0, key_digits));
  auto check = from_digits(id.substr(key_digits));
  if (!hidden || !check)
    return std::nullopt;
  auto pad = hash(fmt::format("pad {} of {}", *check, instance_)) & key_mask;
  auto key = run_key{*hidden ^ pad};
  if (make(key) != id)
    return std::nullopt;
  return key;
}

} // namespace orc::server::v2
