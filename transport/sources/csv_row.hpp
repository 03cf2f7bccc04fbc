#pragma once

#include "transport/sources/text_window.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// Reads rows of CSV as RFC 4180 has it: quoted cells may hold delimiters, line
/// ends and doubled quotes. Lines end by LF or CRLF.
///
///     start --text--> plain --delimiter, line end--> start
///     start --quote--> quoted <--quote--> quote_in_quoted --delimiter--> start
class csv_row_reader {
public:
  explicit csv_row_reader(char delimiter) : delimiter_{delimiter} {
    // nop
  }

  /// Reads the row at the window's position and steps behind its line end.
  /// @returns whether there was one: a row of one empty cell is none if nothing
  ///          follows it. Or `ec::bad_json`, without a place.
  caf::expected<bool> read(text_window& from);

  const std::vector<std::string>& cells() const noexcept {
    return cells_;
  }

  /// @returns whether the row is a blank line.
  bool is_blank() const noexcept {
    return cells_.size() == 1 && cells_.front().empty() && !was_quoted_;
  }

  /// @returns how many line ends the row had, its own included.
  std::uint64_t lines() const noexcept {
    return lines_;
  }

private:
  enum class place : unsigned char { start, plain, quoted, quote_in_quoted };

  /// @returns whether the row is over.
  caf::expected<bool> take(char c);
  void end_cell();
  void end_of_row();
  /// Takes text that means nothing else.
  std::size_t take_plain(std::string_view text);

  char delimiter_;
  place place_ = place::start;
  std::vector<std::string> cells_;
  std::string cell_;
  bool was_quoted_ = false;
  std::uint64_t lines_ = 0;
};

} // namespace orc
