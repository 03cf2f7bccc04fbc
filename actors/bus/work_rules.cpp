#include "actors/bus/work_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr std::size_t longest_header = 500;
/// The longest that makes a key of the API.
constexpr std::size_t longest_id = 240;
constexpr std::chrono::milliseconds first_pause{1'000};
constexpr std::uint64_t most_doublings = 6;

/// A line of the protocol has 4 KB, for two subjects and numbers.
constexpr std::size_t longest_subject = 1'024;

/// As the bus counts: the lines of the headers and the body.
std::uint64_t size_on_the_wire(const bus_message& x) {
  std::uint64_t result = std::string_view{"NATS/1.0\r\n\r\n"}.size();
  for (const auto& header : x.headers)
    result += header.name.size() + header.value.size()
              + std::string_view{": \r\n"}.size();
  return result + x.data.view().size();
}

void add_reason(bus_message& to, const bus_message& from, const parking& why) {
  to.headers.push_back({"Nats-Msg-Id", why.id});
  to.headers.push_back({"Orchestrator-Subject", from.subject});
  to.headers.push_back({"Orchestrator-Reason", header_text(why.reason)});
  to.headers.push_back({"Orchestrator-Status", std::to_string(why.status)});
}

} // namespace

std::string command_id(const bus_work& x) {
  auto id = std::string{x.message.header("Nats-Msg-Id")};
  if (!id.empty() && id.size() <= longest_id)
    return id;
  // A stream that is made anew counts from 1 again, at another time.
  return fmt::format("stream-{}-{}", x.sequence, x.stored_at);
}

work_verdict judge(std::uint32_t status, bool repeats) {
  if (status < 400)
    return work_verdict::done;
  if (status == 408 || status == 429 || status == 503 || status == 507)
    return work_verdict::again;
  if (status < 500)
    return work_verdict::parked;
  return repeats ? work_verdict::again : work_verdict::unclear;
}

std::chrono::milliseconds pause_after(std::uint64_t deliveries) {
  auto doublings
    = std::min(deliveries > 0 ? deliveries - 1 : 0, most_doublings);
  return first_pause * (1LL << doublings);
}

bool is_plain_subject(std::string_view x) {
  auto is_odd = [](char c) {
    auto code = static_cast<unsigned char>(c);
    return code <= ' ' || code == 0x7F || c == '*' || c == '>';
  };
  return !x.empty() && x.size() <= longest_subject && x.front() != '.'
         && x.back() != '.' && x.find("..") == std::string_view::npos
         && std::none_of(x.begin(), x.end(), is_odd);
}

bus_message parked_message(const bus_message& x, const parking& why,
                           std::string subject, std::uint64_t most) {
  bus_message result{std::move(subject), {}, {}, x.data};
  for (const auto& header : x.headers)
    if (header.name != "Nats-Msg-Id")
      result.headers.push_back(header);
  add_reason(result, x, why);
  if (size_on_the_wire(result) <= most)
    return result;
  result.data = {};
  result.headers.push_back({"Orchestrator-Truncated", "true"});
  if (size_on_the_wire(result) <= most)
    return result;
  result.headers.clear();
  add_reason(result, x, why);
  result.headers.push_back({"Orchestrator-Truncated", "true"});
  return result;
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
