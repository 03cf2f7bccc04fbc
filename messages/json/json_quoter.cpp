#include "messages/json/json_quoter.hpp"

#include "messages/json/text_scan.hpp"

#include <fmt/format.h>

#include <iterator>

namespace orc {

namespace {

void append_escape(std::string& to, char c) {
  switch (c) {
    case '"':
      to += "\\\"";
      break;
    case '\\':
      to += "\\\\";
      break;
    case '\n':
      to += "\\n";
      break;
    case '\r':
      to += "\\r";
      break;
    case '\t':
      to += "\\t";
      break;
    default:
      fmt::format_to(std::back_inserter(to), "\\u{:04x}",
                     static_cast<unsigned char>(c));
  }
}

} // namespace

std::string_view json_quoter::quoted(std::string_view text) {
  buffer_.assign(1, '"');
  append_escaped(buffer_, text);
  buffer_ += '"';
  return buffer_;
}

void json_quoter::append_escaped(std::string& to, std::string_view text) {
  std::size_t at = 0;
  while (true) {
    auto end = text_scan::end_of_plain(text, at);
    to.append(text, at, end - at);
    if (end == text.size())
      return;
    append_escape(to, text[end]);
    at = end + 1;
  }
}

} // namespace orc
