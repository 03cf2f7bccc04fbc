#include "persistence/sources/row_text.hpp"

#include "messages/json/json_quoter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace orc {

namespace {

/// @returns how many bytes of `text` are one character, or 0 if they are none.
std::size_t character_size(std::string_view text) {
  auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  auto follows = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
  auto lead = at(0);
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead <= 0xDF)
    return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    auto is_short = lead == 0xE0 && at(1) < 0xA0;
    auto is_surrogate = lead == 0xED && at(1) > 0x9F;
    return follows(1) && follows(2) && !is_short && !is_surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    auto is_short = lead == 0xF0 && at(1) < 0x90;
    auto is_large = lead == 0xF4 && at(1) > 0x8F;
    return follows(1) && follows(2) && follows(3) && !is_short && !is_large ? 4
                                                                            : 0;
  }
  return 0;
}

void append_text(std::string& to, std::string_view x) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  to += '"';
  std::size_t begin = 0;
  std::size_t at = 0;
  while (at < x.size()) {
    auto size = character_size(x.substr(at));
    if (size > 0) {
      at += size;
      continue;
    }
    json_quoter::append_escaped(to, x.substr(begin, at - begin));
    to += replacement;
    begin = ++at;
  }
  json_quoter::append_escaped(to, x.substr(begin));
  to += '"';
}

void append_base64(std::string& to, std::string_view bytes) {
  constexpr std::string_view digits
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8
              | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j])
                                      : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      to += i + j > bytes.size() ? '=' : digits[group >> (18 - 6 * j) & 63];
  }
}

} // namespace

caf::expected<row_text>
row_text::make(const std::vector<std::string>& columns) {
  row_text result;
  for (const auto& name : columns) {
    if (std::count(columns.begin(), columns.end(), name) > 1)
      return make_error(ec::bad_config,
                        fmt::format("two columns are named `{}`: give one of "
                                    "them another name with AS",
                                    name));
    result.keys_.push_back((result.keys_.empty() ? "{" : ",") + quote_text(name)
                           + ':');
  }
  return result;
}

void row_text::begin() {
  text_.clear();
  next_ = 0;
}

void row_text::add_key() {
  text_ += keys_[next_++];
}

void row_text::add_json(std::string_view x) {
  add_key();
  text_ += x;
}

void row_text::add_text(std::string_view x) {
  add_key();
  append_text(text_, x);
}

void row_text::add_bytes(std::string_view x) {
  add_key();
  text_ += '"';
  append_base64(text_, x);
  text_ += '"';
}

void row_text::add_integer(std::int64_t x) {
  add_key();
  fmt::format_to(std::back_inserter(text_), "{}", x);
}

void row_text::add_real(double x) {
  add_key();
  if (std::isfinite(x))
    fmt::format_to(std::back_inserter(text_), "{}", x);
  else
    text_ += std::isnan(x) ? "\"NaN\""
             : x > 0       ? "\"Infinity\""
                           : "\"-Infinity\"";
}

std::string_view row_text::finish() {
  text_ += keys_.empty() ? "{}" : "}";
  return text_;
}

std::string quote_text(std::string_view text) {
  std::string result;
  append_text(result, text);
  return result;
}

} // namespace orc
