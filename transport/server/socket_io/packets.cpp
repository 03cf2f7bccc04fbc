#include "transport/server/socket_io/packets.hpp"

#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"
#include "messages/json/scanner.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc::server::socket_io {

namespace {

constexpr char separator = '\x1e';

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

} // namespace

std::optional<packet> read_packet(std::string_view text) {
  // Beyond are packets with binary attachments, of which nobody here knows.
  if (text.empty() || text.front() < '0' || text.front() > '4')
    return std::nullopt;
  packet result;
  result.type = static_cast<kind>(text.front());
  text.remove_prefix(1);
  if (text.starts_with('/')) {
    auto end = std::min(text.find(','), text.size());
    result.space = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  auto digits = std::find_if_not(text.begin(), text.end(), is_digit);
  result.ack.assign(text.begin(), digits);
  result.data.assign(digits, text.end());
  return result;
}

std::string
make_packet(kind type, std::string_view space, std::string_view data) {
  return fmt::format("{}{}{}{}{}", engine::message, static_cast<char>(type),
                     space == "/" ? "" : space, space == "/" ? "" : ",", data);
}

std::optional<event> read_event(std::string_view data) {
  auto compact = minify_json(data);
  if (!compact)
    return std::nullopt;
  json_scanner in{*compact};
  if (!in.take('[') || in.take(']'))
    return std::nullopt;
  auto name = in.value();
  if (!name.starts_with('"'))
    return std::nullopt;
  // Names of events hold nothing that JSON escapes.
  event result;
  result.name = name.substr(1, name.size() - 2);
  if (in.take(','))
    result.argument = in.value();
  return result;
}

std::vector<std::string> split_payload(std::string_view body) {
  std::vector<std::string> result;
  while (!body.empty()) {
    auto end = std::min(body.find(separator), body.size());
    result.emplace_back(body.substr(0, end));
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return result;
}

std::string join_payload(const std::vector<std::string>& packets) {
  std::string result;
  for (const auto& x : packets) {
    if (!result.empty())
      result += separator;
    result += x;
  }
  return result;
}

} // namespace orc::server::socket_io
