#pragma once

#include <string>
#include <string_view>

namespace orc {

/// Writes texts as JSON strings into a buffer that it keeps.
class json_quoter {
public:
  /// @returns `text` in quotes and escaped; valid until the next call.
  std::string_view quoted(std::string_view text);

  /// Appends `text` escaped, without quotes.
  static void append_escaped(std::string& to, std::string_view text);

private:
  std::string buffer_;
};

} // namespace orc
