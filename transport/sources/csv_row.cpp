#include "transport/sources/csv_row.hpp"

#include "transport/sources/file_place.hpp"

#include <utility>

namespace orc {

caf::expected<bool> csv_row_reader::read(text_window& from) {
  cells_.clear();
  cell_.clear();
  place_ = place::start;
  was_quoted_ = false;
  lines_ = 0;
  std::size_t size = 0;
  while (true) {
    auto text = from.ahead();
    std::size_t at = 0;
    while (at < text.size()) {
      at += take_plain(text.substr(at));
      if (at == text.size())
        break;
      auto is_over = take(text[at++]);
      if (!is_over)
        return is_over;
      if (*is_over) {
        from.advance(at);
        return true;
      }
    }
    from.advance(at);
    size += at;
    if (size > max_item_bytes)
      return make_error(ec::bad_json, "is longer than 64 MiB; is a quote "
                                      "missing?");
    auto got = from.more();
    if (!got)
      return got;
    if (!*got)
      break;
  }
  if (place_ == place::quoted)
    return make_error(ec::bad_json, "a quoted cell has no end");
  auto is_there = size > 0;
  end_of_row();
  return is_there;
}

std::size_t csv_row_reader::take_plain(std::string_view text) {
  if (place_ == place::quote_in_quoted)
    return 0;
  auto in_quotes = place_ == place::quoted;
  std::size_t at = 0;
  if (in_quotes)
    while (at < text.size() && text[at] != '"' && text[at] != '\n')
      ++at;
  else
    while (at < text.size() && text[at] != delimiter_ && text[at] != '"'
           && text[at] != '\n')
      ++at;
  if (at > 0 && !in_quotes)
    place_ = place::plain;
  cell_.append(text, 0, at);
  return at;
}

caf::expected<bool> csv_row_reader::take(char c) {
  lines_ += c == '\n' ? 1 : 0;
  if (place_ == place::quoted) {
    if (c == '"')
      place_ = place::quote_in_quoted;
    else
      cell_ += c;
  } else if (c == '"' && place_ == place::start) {
    place_ = place::quoted;
    was_quoted_ = true;
  } else if (c == '"' && place_ == place::quote_in_quoted) {
    cell_ += c;
    place_ = place::quoted;
  } else if (c == delimiter_) {
    end_cell();
  } else if (c == '\n') {
    end_of_row();
    return true;
  } else if (c != '\r' && place_ == place::quote_in_quoted) {
    return make_error(ec::bad_json, "a quoted cell must end at a delimiter or "
                                    "line end");
  } else if (c != '\r') {
    cell_ += c;
  }
  return false;
}

void csv_row_reader::end_cell() {
  cells_.push_back(std::exchange(cell_, {}));
  place_ = place::start;
}

void csv_row_reader::end_of_row() {
  // Half a line end of the file's last line, or of CRLF.
  if (place_ == place::plain && cell_.ends_with('\r'))
    cell_.pop_back();
  end_cell();
}

} // namespace orc
