#include "transport/sources/value_end.hpp"

#include "messages/json/text_scan.hpp"

namespace orc {

std::size_t value_end::find(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (escaped_) {
      escaped_ = false;
      ++at;
      continue;
    }
    if (in_string_)
      at = text_scan::end_of_plain(text, at);
    if (at == text.size())
      break;
    auto c = text[at];
    if (in_string_) {
      in_string_ = c != '"';
      escaped_ = c == '\\';
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '[' || c == '{') {
      ++depth_;
    } else if (c == ']' || c == '}') {
      if (depth_ == 0)
        return at;
      --depth_;
    } else if (c == ',' && depth_ == 0) {
      return at;
    }
    ++at;
  }
  return at;
}

} // namespace orc
