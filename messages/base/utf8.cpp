#include "messages/base/utf8.hpp"

namespace orc {

namespace {

/// @returns how many bytes follow the first one of a UTF-8 sequence, and the
///          range of the second; -1 if none starts so.
struct utf8_lead {
  int following = -1;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

utf8_lead classify(unsigned char c) noexcept {
  if (c < 0x80)
    return {.following = 0};
  if (c >= 0xC2 && c <= 0xDF)
    return {.following = 1};
  // Overlong forms, surrogates and what lies past U+10FFFF are not UTF-8.
  if (c >= 0xE0 && c <= 0xEF)
    return {2, static_cast<unsigned char>(c == 0xE0 ? 0xA0 : 0x80),
            static_cast<unsigned char>(c == 0xED ? 0x9F : 0xBF)};
  if (c >= 0xF0 && c <= 0xF4)
    return {3, static_cast<unsigned char>(c == 0xF0 ? 0x90 : 0x80),
            static_cast<unsigned char>(c == 0xF4 ? 0x8F : 0xBF)};
  return {};
}

/// A character at the start of a text, or what begins like one and is none.
struct utf8_step {
  std::size_t size = 0;
  bool is_good = false;
};

utf8_step first_of(std::string_view text) noexcept {
  auto lead = classify(static_cast<unsigned char>(text.front()));
  if (lead.following < 0)
    return {1, false};
  auto whole = static_cast<std::size_t>(lead.following) + 1;
  for (std::size_t i = 1; i < whole; ++i) {
    if (i == text.size())
      return {i, false};
    auto c = static_cast<unsigned char>(text[i]);
    if (c < (i == 1 ? lead.low : 0x80) || c > (i == 1 ? lead.high : 0xBF))
      return {i, false};
  }
  return {whole, true};
}

} // namespace

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    auto step = first_of(text);
    if (!step.is_good)
      return false;
    text.remove_prefix(step.size);
  }
  return true;
}

std::string to_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    auto step = first_of(text);
    result += step.is_good ? text.substr(0, step.size) : "\uFFFD";
    text.remove_prefix(step.size);
  }
  return result;
}

} // namespace orc
