#pragma once

#include "messages/base/error.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace orc::app {

enum class plan_form : unsigned char {
  /// `{"runs":[…]}`, with `fixedInput` and `splits` before or after.
  document,
  /// One request a line.
  lines,
  /// One request, on as many lines as it likes.
  single,
};

/// @returns which form `text` most probably has.
plan_form form_of(std::string_view text);

/// One request of a plan, as text.
struct slice {
  std::string_view text;
  /// Number of its line, from 1; of `lines` only.
  std::size_t line = 0;
};

/// @returns the lines of `text` that are not blank.
std::vector<slice> split_lines(std::string_view text);

/// What a document holds.
struct document_slices {
  std::vector<slice> runs;
  /// Lists that are to be cut into runs.
  std::vector<slice> splits;
  /// What is put under every input; "" if nothing is.
  std::string_view fixed_input;
};

/// Splits `{"runs":[…],"splits":[…],"fixedInput":{…}}`.
/// @pre `text` is valid JSON without insignificant white space
/// @returns `ec::bad_field` if there are other fields, or one of them twice.
[[nodiscard]] caf::expected<document_slices>
split_document(std::string_view text);

} // namespace orc::app
