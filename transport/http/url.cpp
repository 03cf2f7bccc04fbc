#include "transport/http/url.hpp"

#include "transport/http/message.hpp"

#include <algorithm>
#include <charconv>

namespace orc::http {

namespace {

constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/// Printable ASCII without space: all that a request line can carry.
bool is_visible(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

bool is_host_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 255
         && std::ranges::all_of(text, [](char c) { return is_unreserved(c); });
}

/// The text between the brackets of `[::1]`, zone identifiers excluded.
bool is_ipv6_text(std::string_view text) noexcept {
  return text.size() >= 2 && text.size() <= 45
         && text.find(':') != std::string_view::npos
         && std::ranges::all_of(text, [](char c) {
              return hex_value(c) >= 0 || c == ':' || c == '.';
            });
}

bool parse_port(std::string_view text, std::uint16_t& port) noexcept {
  auto last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, port);
  return ec == std::errc{} && end == last && port != 0;
}

bool parse_host_and_port(std::string_view text, url& result) {
  auto port = std::string_view::npos;
  if (text.starts_with('[')) {
    auto end = text.find(']');
    if (end == std::string_view::npos || !is_ipv6_text(text.substr(1, end - 1)))
      return false;
    result.host = text.substr(1, end - 1);
    if (end + 1 < text.size() && text[end + 1] != ':')
      return false;
    port = end + 1 < text.size() ? end + 1 : port;
  } else {
    port = text.find(':');
    result.host = text.substr(0, port);
    if (!is_host_name(result.host))
      return false;
  }
  // "http://host:/" is valid: an empty port means the default.
  if (port == std::string_view::npos || port + 1 == text.size())
    return true;
  return parse_port(text.substr(port + 1), result.port);
}

/// Decodes `text`; `plus` is what a plus sign means.
std::string decode(std::string_view text, char plus) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0
        && hex_value(text[i + 2]) >= 0) {
      result += static_cast<char>(hex_value(text[i + 1]) * 16
                                  + hex_value(text[i + 2]));
      i += 2;
    } else {
      result += text[i] == '+' ? plus : text[i];
    }
  }
  return result;
}

} // namespace

std::string url::authority() const {
  auto ipv6 = host.find(':') != std::string::npos;
  auto name = ipv6 ? "[" + host + "]" : host;
  return name + ":" + std::to_string(port);
}

std::optional<url> parse_url(std::string_view text) {
  url result;
  auto colon = text.find("://");
  if (colon == std::string_view::npos || !is_visible(text))
    return std::nullopt;
  if (iequals(text.substr(0, colon), "https")) {
    result.scheme = "https";
    result.port = 443;
  } else if (!iequals(text.substr(0, colon), "http")) {
    return std::nullopt;
  }
  auto rest = text.substr(colon + 3);
  auto end = std::min(rest.find_first_of("/?#"), rest.size());
  if (!parse_host_and_port(rest.substr(0, end), result))
    return std::nullopt;
  auto target = rest.substr(end);
  target = target.substr(0, target.find('#'));
  if (target.starts_with('?'))
    result.target = "/" + std::string{target};
  else if (!target.empty())
    result.target = target;
  return result;
}

std::string percent_decode(std::string_view text) {
  return decode(text, '+');
}

query::query(std::string_view text) {
  while (!text.empty()) {
    auto end = std::min(text.find('&'), text.size());
    auto entry = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (entry.empty())
      continue;
    auto equals = std::min(entry.find('='), entry.size());
    auto value = entry.substr(std::min(equals + 1, entry.size()));
    entries_.emplace_back(decode(entry.substr(0, equals), ' '),
                          decode(value, ' '));
  }
}

bool query::contains(std::string_view name) const noexcept {
  return get(name).has_value();
}

std::optional<std::string_view>
query::get(std::string_view name) const noexcept {
  for (const auto& [key, value] : entries_)
    if (key == name)
      return value;
  return std::nullopt;
}

std::pair<std::string_view, std::string_view>
split_target(std::string_view target) {
  auto mark = target.find('?');
  if (mark == std::string_view::npos)
    return {target, {}};
  return {target.substr(0, mark), target.substr(mark + 1)};
}

query_builder&
query_builder::add(std::string_view name, std::string_view value) {
  text_ += text_.empty() ? '?' : '&';
  text_ += percent_encode(name);
  text_ += '=';
  text_ += percent_encode(value);
  return *this;
}

query_builder& query_builder::add(std::string_view name, std::int64_t value) {
  return add(name, std::string_view{std::to_string(value)});
}

} // namespace orc::http
