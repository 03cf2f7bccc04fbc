#pragma once

#include "messages/base/error.hpp"

#include <caf/expected.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// Writes rows of a database as JSON objects, one value after the other.
class row_text {
public:
  row_text() = default;

  /// @returns `ec::bad_config` if two columns have one name.
  static caf::expected<row_text> make(const std::vector<std::string>& columns);

  void begin();

  /// Adds a value that is JSON already.
  void add_json(std::string_view x);

  /// Adds a string; bytes in it that are no UTF-8 become U+FFFD.
  void add_text(std::string_view x);

  /// Adds bytes, as base64.
  void add_bytes(std::string_view x);

  void add_integer(std::int64_t x);

  /// Adds a number; one that JSON does not have as a string.
  void add_real(double x);

  /// @returns the object, valid until the next `begin`.
  std::string_view finish();

private:
  void add_key();

  /// `{"name":` of each column, with a comma in place of the brace from the
  /// second on.
  std::vector<std::string> keys_;
  std::size_t next_ = 0;
  std::string text_;
};

/// @returns `text` as a JSON string, as `row_text::add_text` writes it.
std::string quote_text(std::string_view text);

} // namespace orc
