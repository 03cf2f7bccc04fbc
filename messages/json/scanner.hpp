#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace orc {

/// Walks over valid JSON without white space, value by value.
class json_scanner {
public:
  explicit json_scanner(std::string_view text) : text_{text} {
    // nop
  }

  /// @returns whether `c` comes next, and steps over it then.
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c)
      return false;
    ++at_;
    return true;
  }

  /// Steps over one value of any kind.
  std::string_view value() {
    auto first = at_;
    std::size_t depth = 0;
    do {
      auto c = text_[at_];
      if (c == '"')
        skip_string();
      else if (c == '[' || c == '{')
        ++depth, ++at_;
      else if (c == ']' || c == '}')
        --depth, ++at_;
      else if (depth > 0)
        ++at_;
      else
        at_ = std::min(text_.find_first_of(",]}", at_), text_.size());
    } while (depth > 0);
    return text_.substr(first, at_ - first);
  }

private:
  void skip_string() {
    for (++at_; text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\')
        ++at_;
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

} // namespace orc
