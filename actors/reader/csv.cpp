#include "actors/reader/csv.hpp"

namespace orc {

namespace {

/// Reads one cell after the other from a text.
class csv_scanner {
public:
  explicit csv_scanner(std::string_view text) : text_{text} {
    // nop
  }

  bool at_end() const {
    return at_ == text_.size();
  }

  csv_row row() {
    csv_row result;
    do {
      result.push_back(cell());
    } while (take(','));
    take('\r');
    take('\n');
    return result;
  }

private:
  bool take(char c) {
    if (at_end() || text_[at_] != c)
      return false;
    ++at_;
    return true;
  }

  std::string cell() {
    if (take('"'))
      return quoted();
    auto end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    auto result = std::string{text_.substr(at_, end - at_)};
    at_ = end;
    return result;
  }

  std::string quoted() {
    std::string result;
    while (!at_end()) {
      auto c = text_[at_++];
      if (c == '"' && !take('"'))
        break;
      result += c;
    }
    return result;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

} // namespace

std::vector<csv_row> parse_csv(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF"))
    text.remove_prefix(3);
  std::vector<csv_row> result;
  csv_scanner in{text};
  while (!in.at_end())
    result.push_back(in.row());
  return result;
}

std::string print_csv(const csv_row& row, char delimiter) {
  const std::string special{delimiter, '"', '\r', '\n'};
  std::string line;
  for (const auto& cell : row) {
    if (&cell != row.data())
      line += delimiter;
    if (cell.find_first_of(special) == std::string::npos) {
      line += cell;
      continue;
    }
    line += '"';
    for (auto c : cell)
      line.append(c == '"' ? 2 : 1, c);
    line += '"';
  }
  return line + '\n';
}

} // namespace orc
