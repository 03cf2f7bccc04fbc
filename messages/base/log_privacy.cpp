#include "messages/base/log_privacy.hpp"

#include <algorithm>
#include <array>

namespace orc {

namespace {

/// What stands before an id or a URL. A URL keeps its scheme.
constexpr std::array<std::string_view, 13> marks{
  "runId=",     "datasetId=",       "storeId=",          "actId=",
  "userAgent=", "platform run ",    "items of dataset ", "dataset ",
  "https://",   "key-value store ", "http://",           "ws://",
  "wss://"};

/// @returns where the word that begins `text` ends.
std::size_t word_length(std::string_view text) {
  if (text.starts_with('"'))
    return std::min(text.find('"', 1), text.size() - 1) + 1;
  return std::min(text.find_first_of(" \",;)"), text.size());
}

/// Ids of the platform have letters or digits only, and more than words have.
bool looks_like_id(std::string_view word) {
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return word.size() >= 10 || std::any_of(word.begin(), word.end(), is_digit);
}

bool is_key_or_url(std::string_view mark) {
  return mark.ends_with('=') || mark.ends_with('/');
}

} // namespace

std::string without_sensitive(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    auto mark = std::find_if(marks.begin(), marks.end(),
                             [&](auto x) { return text.starts_with(x); });
    if (mark == marks.end()) {
      result += text.front();
      text.remove_prefix(1);
      continue;
    }
    result += *mark;
    text.remove_prefix(mark->size());
    auto word = text.substr(0, word_length(text));
    if (word.empty() || (!is_key_or_url(*mark) && !looks_like_id(word)))
      continue;
    result += "***";
    text.remove_prefix(word.size());
    // The colon that ends the subject of a sentence.
    if (word.ends_with(':'))
      result += ':';
  }
  return result;
}

} // namespace orc
