#include "transport/http/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace orc::http {

namespace {

/// Names that the server sets by itself. The lengths tell most others apart
/// without a comparison.
bool is_ours(std::string_view name) {
  switch (name.size()) {
    case 4:
      return iequals(name, "Date");
    case 10:
      return iequals(name, "Connection") || iequals(name, "Keep-Alive");
    case 14:
      return iequals(name, "Content-Length");
    case 17:
      return iequals(name, "Transfer-Encoding");
    default:
      return false;
  }
}

void append_number(std::string& to, std::uint64_t value) {
  std::array<char, 20> digits{};
  auto [end, ec] = std::to_chars(digits.begin(), digits.end(), value);
  to.append(digits.data(), end);
}

/// Appends text without line breaks.
void append_clean(std::string& to, std::string_view text) {
  auto begin = to.size();
  to += text;
  std::replace_if(
    to.begin() + static_cast<std::ptrdiff_t>(begin), to.end(),
    [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
}

void append_framing(std::string& to, const response& from,
                    const head_options& options) {
  if (options.body == framing::length) {
    to += "Content-Length: ";
    append_number(to, options.length);
    to += "\r\n";
  } else if (options.body == framing::chunked) {
    to += "Transfer-Encoding: chunked\r\n";
  } else if (options.body == framing::none && from.status != 204) {
    if (auto length = from.headers.get("Content-Length"); !length.empty()) {
      to += "Content-Length: ";
      append_clean(to, length);
      to += "\r\n";
    }
  }
}

void append_connection(std::string& to, const response& from,
                       const head_options& options) {
  if (from.status == 101)
    to += "Connection: Upgrade\r\n";
  else if (!options.keep_alive)
    to += "Connection: close\r\n";
  else if (!options.http11)
    to += "Connection: keep-alive\r\n";
}

} // namespace

void append_fields(std::string& to, const fields& from,
                   bool (*omit)(std::string_view name)) {
  for (const auto& [name, value] : from) {
    if (omit(name))
      continue;
    append_clean(to, name);
    to += ": ";
    append_clean(to, value);
    to += "\r\n";
  }
}

std::string_view http_date() {
  // Formatting a date costs as much as the rest of the head.
  struct cached_date {
    std::time_t second = 0;
    std::array<char, 32> text{};
    std::size_t size = 0;
  };
  thread_local cached_date cache;
  auto now = std::time(nullptr);
  if (now != cache.second) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    cache.second = now;
    cache.size = std::strftime(cache.text.data(), cache.text.size(),
                               "%a, %d %b %Y %H:%M:%S GMT", &parts);
  }
  return {cache.text.data(), cache.size};
}

std::string render_head(const response& from, const head_options& options) {
  std::string result;
  result.reserve(256);
  result += "HTTP/1.1 ";
  append_number(result, static_cast<std::uint64_t>(from.status));
  result += ' ';
  result += reason_phrase(from.status);
  result += "\r\n";
  append_fields(result, from.headers, is_ours);
  result += "Date: ";
  result += http_date();
  result += "\r\n";
  append_framing(result, from, options);
  append_connection(result, from, options);
  result += "\r\n";
  return result;
}

} // namespace orc::http
