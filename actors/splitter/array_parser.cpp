#include "actors/splitter/array_parser.hpp"

#include "messages/json/text_scan.hpp"

#include <fmt/format.h>

namespace orc {

namespace {

constexpr std::string_view blanks = " \t\r\n";

caf::error not_an_array() {
  return make_error(ec::bad_json, "the items must be one JSON array; are they "
                                  "one a line (ndjson)?");
}

} // namespace

array_parser::array_parser(item_sink sink) : sink_{std::move(sink)} {
  // nop
}

caf::error array_parser::feed(std::string_view piece) {
  while (!piece.empty()) {
    if (place_ == place::element) {
      if (auto err = take_element(piece))
        return err;
    } else if (auto err = begin(piece)) {
      return err;
    }
  }
  return {};
}

caf::error array_parser::finish() {
  if (place_ == place::after)
    return {};
  return place_ == place::before
           ? not_an_array()
           : make_error(ec::bad_json,
                        fmt::format("items[{}]: the array has no end", index_));
}

caf::error array_parser::begin(std::string_view& piece) {
  // A byte order mark is no part of the document.
  auto first = piece.find_first_not_of(
    place_ == place::before ? " \t\r\n\xEF\xBB\xBF" : blanks);
  if (first == std::string_view::npos) {
    piece = {};
    return {};
  }
  if (place_ == place::after)
    return make_error(ec::bad_json, "something follows the array of items");
  if (piece[first] != '[')
    return not_an_array();
  place_ = place::element;
  piece.remove_prefix(first + 1);
  return {};
}

caf::error array_parser::take_element(std::string_view& piece) {
  auto end = find_end(piece);
  text_.append(piece, 0, end);
  if (end == piece.size()) {
    piece = {};
    return {};
  }
  auto closing = piece[end];
  piece.remove_prefix(end + 1);
  return end_element(closing);
}

caf::error array_parser::end_element(char end) {
  auto is_empty = text_.find_first_not_of(blanks) == std::string::npos;
  if (end == ']')
    place_ = place::after;
  if (is_empty && end == ']' && !owed_)
    return {};
  auto value = check_.check(text_);
  if (!value)
    return make_error(ec::bad_json, fmt::format("items[{}]: {}", index_,
                                                message_of(value.error())));
  if (auto err = sink_(*value))
    return err;
  ++index_;
  text_.clear();
  owed_ = end == ',';
  return {};
}

std::size_t array_parser::find_end(std::string_view piece) {
  std::size_t at = 0;
  while (at < piece.size()) {
    if (escaped_) {
      escaped_ = false;
      ++at;
      continue;
    }
    if (in_string_)
      at = text_scan::end_of_plain(piece, at);
    if (at == piece.size())
      break;
    auto c = piece[at];
    if (in_string_) {
      in_string_ = c != '"';
      escaped_ = c == '\\';
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '[' || c == '{') {
      ++depth_;
    } else if (depth_ == 0 && (c == ',' || c == ']')) {
      return at;
    } else if (c == ']' || c == '}') {
      depth_ -= depth_ > 0 ? 1 : 0;
    }
    ++at;
  }
  return piece.size();
}

} // namespace orc
