#include "app/text/table.hpp"

#include <algorithm>

namespace orc::app {

namespace {

constexpr std::size_t gap = 2;

/// Whether a byte of UTF-8 begins a character.
bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

} // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
    std::count_if(text.begin(), text.end(), begins_character));
}

std::string fit(std::string_view text, std::size_t width) {
  auto too_wide = width_of(text) > width;
  auto room = too_wide && width > 0 ? width - 1 : width;
  std::string result;
  std::size_t used = 0;
  for (auto c : text) {
    if (begins_character(c) && ++used > room)
      break;
    auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return too_wide && width > 0 ? result + "…" : result;
}

table::table(std::vector<column> columns) : columns_{std::move(columns)} {
  // nop
}

void table::add(std::vector<std::string> cells) {
  rows_.push_back(std::move(cells));
}

std::vector<std::string> table::lines(std::size_t width) const {
  auto sizes = widths(width);
  std::vector<std::string> titles;
  for (const auto& x : columns_)
    titles.push_back(x.title);
  std::vector<std::string> result{line(titles, sizes)};
  for (const auto& row : rows_)
    result.push_back(line(row, sizes));
  // Columns give way only so far; what remains is cut.
  if (width > 0)
    for (auto& text : result)
      text = fit(text, width);
  return result;
}

std::vector<std::size_t> table::widths(std::size_t width) const {
  std::vector<std::size_t> result;
  auto total = gap * (columns_.size() - 1);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto widest = width_of(columns_[i].title);
    for (const auto& row : rows_)
      widest = std::max(widest, width_of(row[i]));
    result.push_back(widest);
    total += widest;
  }
  // The last columns say the most about why, the first ones who: those that
  // give way do so from the right.
  for (auto i = columns_.size(); width > 0 && total > width && i-- > 0;)
    if (auto least = columns_[i].least; least > 0 && result[i] > least) {
      auto cut = std::min(result[i] - least, total - width);
      result[i] -= cut;
      total -= cut;
    }
  return result;
}

std::string table::line(const std::vector<std::string>& cells,
                        const std::vector<std::size_t>& widths) const {
  std::string result;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    auto cell = fit(cells[i], widths[i]);
    auto padding = std::string(widths[i] - width_of(cell), ' ');
    result += i > 0 ? std::string(gap, ' ') : "";
    result += columns_[i].side == align::left ? cell + padding : padding + cell;
  }
  result.erase(result.find_last_not_of(' ') + 1);
  return result;
}

} // namespace orc::app
