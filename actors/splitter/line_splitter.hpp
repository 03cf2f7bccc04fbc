#pragma once

#include "messages/base/error.hpp"

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace orc {

/// Puts the lines together that pieces of a text cut apart.
class line_splitter {
public:
  /// Calls `f(line)` for each complete line, without its end, until one call
  /// returns an error.
  template <class F>
  caf::error feed(std::string_view piece, F f) {
    while (!piece.empty()) {
      const auto* end = static_cast<const char*>(
        std::memchr(piece.data(), '\n', piece.size()));
      if (!end) {
        rest_.append(piece);
        return {};
      }
      auto size = static_cast<std::size_t>(end - piece.data());
      if (auto err = take(piece.substr(0, size), f))
        return err;
      piece.remove_prefix(size + 1);
    }
    return {};
  }

  /// Same for what is left at the end.
  template <class F>
  caf::error finish(F f) {
    return rest_.empty() ? caf::error{} : take({}, f);
  }

private:
  template <class F>
  caf::error take(std::string_view line, F& f) {
    if (rest_.empty())
      return f(without_return(line));
    rest_.append(line);
    auto whole = std::exchange(rest_, {});
    return f(without_return(whole));
  }

  static std::string_view without_return(std::string_view line) {
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    return line;
  }

  std::string rest_;
};

} // namespace orc
