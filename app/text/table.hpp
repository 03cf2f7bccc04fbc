#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace orc::app {

/// Lays out cells in columns as wide as their widest cell.
class table {
public:
  enum class align : unsigned char { left, right };

  struct column {
    std::string title;
    align side = align::left;
    /// Gives way when the table is wider than the screen, down to this many
    /// characters; 0 never.
    std::size_t least = 0;
  };

  explicit table(std::vector<column> columns);

  void add(std::vector<std::string> cells);

  /// @param width most characters of a line; 0 means no limit.
  /// @returns one line a row, the titles first, without trailing blanks.
  std::vector<std::string> lines(std::size_t width = 0) const;

private:
  std::vector<std::size_t> widths(std::size_t width) const;
  std::string line(const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) const;

  std::vector<column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// @returns how many columns of a terminal a text in UTF-8 takes, if none of
///          its characters is wide.
std::size_t width_of(std::string_view text);

/// @returns `text`, cut to `width` columns with an ellipsis; control characters
///          become blanks, so that nobody's text moves our cursor.
std::string fit(std::string_view text, std::size_t width);

} // namespace orc::app
