#include "messages/json/value_checker.hpp"

#include "messages/json/json.hpp"
#include "messages/json/text_scan.hpp"

#include <fmt/format.h>

namespace orc {

namespace {

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

} // namespace

caf::expected<std::string_view>
json_value_checker::check(std::string_view text) {
  return check(text, false);
}

caf::expected<std::string_view>
json_value_checker::check_line(std::string_view text) {
  return check(text, true);
}

caf::expected<std::string_view>
json_value_checker::check(std::string_view text, bool keeps) {
  text_ = text;
  at_ = 0;
  depth_ = 0;
  skip_blanks();
  has_blanks_ = false;
  has_line_ends_ = false;
  auto first = at_;
  auto good = value();
  auto last = at_;
  auto inside = keeps ? has_line_ends_ : has_blanks_;
  if (good) {
    skip_blanks();
    good = at_ == text_.size() || fail("the end");
  }
  if (!good)
    return make_error(ec::bad_json, fmt::format("column {}: {} was expected",
                                                at_ + 1, wanted_));
  auto result = text.substr(first, last - first);
  if (!inside)
    return result;
  auto compact = minify_json(result);
  if (!compact)
    return std::move(compact.error());
  compact_ = std::move(*compact);
  return std::string_view{compact_};
}

bool json_value_checker::value() {
  if (at_ == text_.size())
    return fail("a value");
  switch (text_[at_]) {
    case '{':
      return object();
    case '[':
      return array();
    case '"':
      return string();
    case 't':
      return literal("true");
    case 'f':
      return literal("false");
    case 'n':
      return literal("null");
    default:
      return number();
  }
}

bool json_value_checker::object() {
  if (++depth_ > max_depth)
    return fail("less depth");
  ++at_;
  skip_blanks();
  if (!take('}')) {
    do {
      skip_blanks();
      if (!string())
        return false;
      skip_blanks();
      if (!take(':'))
        return fail("`:`");
      skip_blanks();
      if (!value())
        return false;
      skip_blanks();
    } while (take(','));
    if (!take('}'))
      return fail("`,` or `}`");
  }
  --depth_;
  return true;
}

bool json_value_checker::array() {
  if (++depth_ > max_depth)
    return fail("less depth");
  ++at_;
  skip_blanks();
  if (!take(']')) {
    do {
      skip_blanks();
      if (!value())
        return false;
      skip_blanks();
    } while (take(','));
    if (!take(']'))
      return fail("`,` or `]`");
  }
  --depth_;
  return true;
}

bool json_value_checker::string() {
  if (!take('"'))
    return fail("a string");
  while (true) {
    at_ = text_scan::end_of_plain(text_, at_);
    if (at_ == text_.size())
      return fail("`\"`");
    if (take('"'))
      return true;
    if (text_[at_] != '\\')
      return fail("no control character");
    if (!escape())
      return false;
  }
}

bool json_value_checker::escape() {
  ++at_;
  if (at_ == text_.size())
    return fail("an escape");
  if (text_[at_] != 'u') {
    if (std::string_view{"\"\\/bfnrt"}.find(text_[at_]) == std::string::npos)
      return fail("an escape");
    ++at_;
    return true;
  }
  ++at_;
  for (int i = 0; i < 4; ++i, ++at_)
    if (at_ == text_.size() || !is_hex_digit(text_[at_]))
      return fail("a hexadecimal digit");
  return true;
}

bool json_value_checker::number() {
  auto first = at_;
  take('-');
  if (!take('0') && !digits()) {
    at_ = first;
    return fail("a value");
  }
  if (take('.') && !digits())
    return fail("a digit");
  if (take('e') || take('E')) {
    if (!take('+'))
      take('-');
    if (!digits())
      return fail("a digit");
  }
  return true;
}

bool json_value_checker::digits() {
  auto first = at_;
  while (at_ < text_.size() && is_digit(text_[at_]))
    ++at_;
  return at_ > first;
}

bool json_value_checker::literal(std::string_view word) {
  if (!text_.substr(at_).starts_with(word))
    return fail("a value");
  at_ += word.size();
  return true;
}

void json_value_checker::skip_blanks() {
  while (at_ < text_.size() && is_blank(text_[at_])) {
    has_line_ends_ |= text_[at_] == '\n' || text_[at_] == '\r';
    has_blanks_ = true;
    ++at_;
  }
}

bool json_value_checker::take(char c) {
  if (at_ == text_.size() || text_[at_] != c)
    return false;
  ++at_;
  return true;
}

bool json_value_checker::fail(const char* wanted) {
  wanted_ = wanted;
  return false;
}

} // namespace orc
