#include "transport/server/idempotency.hpp"

#include "transport/server/digest.hpp"

#include <fmt/format.h>

namespace orc::server {

namespace {

constexpr std::size_t max_keys = 10'000;

} // namespace

std::string idempotency::make_name(std::string_view key, std::size_t index) {
  auto name = std::string{"key-"};
  for (auto c : sha256(key).substr(0, 12))
    name += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return index == 0 ? name : fmt::format("{}-{}", name, index + 1);
}

bool idempotency::conflicts(std::string_view key, std::string_view body) const {
  auto known = bodies_.find(std::string{key});
  return known != bodies_.end() && known->second != sha256(body);
}

void idempotency::remember(std::string_view key, std::string_view body) {
  if (!bodies_.emplace(key, sha256(body)).second)
    return;
  order_.emplace_back(key);
  if (order_.size() > max_keys) {
    bodies_.erase(order_.front());
    order_.pop_front();
  }
}

} // namespace orc::server
