#include "actors/bus/work_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc {

namespace {

constexpr std::size_t longest_header = 500;
/// The longest that makes a key of the API.
constexpr std::size_t longest_id = 240;
constexpr std::chrono::milliseconds first_pause{1'000};
constexpr std::uint64_t most_doublings = 6;

} // namespace

std::string command_id(const bus_work& x) {
  auto id = std::string{x.message.header("Nats-Msg-Id")};
  if (!id.empty() && id.size() <= longest_id)
    return id;
  // A stream that is made anew counts from 1 again, at another time.
  return fmt::format("stream-{}-{}", x.sequence, x.stored_at);
}

verdict judge(std::uint32_t status, bool repeats) {
  if (status < 400)
    return verdict::done;
  if (status == 408 || status == 429 || status == 503 || status == 507)
    return verdict::again;
  if (status < 500)
    return verdict::parked;
  return repeats ? verdict::again : verdict::unclear;
}

std::chrono::milliseconds pause_after(std::uint64_t deliveries) {
  auto doublings
    = std::min(deliveries > 0 ? deliveries - 1 : 0, most_doublings);
  return first_pause * (1LL << doublings);
}

std::string header_text(std::string text) {
  if (text.size() > longest_header)
    text = text.substr(0, longest_header - 3) + "...";
  std::replace_if(
    text.begin(), text.end(),
    [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return text;
}

} // namespace orc
