#include "actors/splitter/csv_parser.hpp"

#include "messages/json/json_quoter.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc {

csv_parser::csv_parser(item_sink sink) : sink_{std::move(sink)} {
  // nop
}

caf::error csv_parser::feed(std::string_view piece) {
  while (!piece.empty()) {
    // Most of a file is plain text between separators.
    auto plain = place_ == place::quoted ? piece.find_first_of("\"\n")
                                         : piece.find_first_of(",\"\r\n");
    if (plain > 0 && place_ != place::quote_in_quoted) {
      plain = std::min(plain, piece.size());
      if (place_ == place::start)
        place_ = place::plain;
      field_.append(piece, 0, plain);
      piece.remove_prefix(plain);
      continue;
    }
    if (auto err = take(piece.front()))
      return err;
    piece.remove_prefix(1);
  }
  return {};
}

caf::error csv_parser::take(char c) {
  line_ += c == '\n' ? 1 : 0;
  if (place_ == place::quoted && c != '"')
    field_ += c;
  else if (place_ == place::quoted)
    place_ = place::quote_in_quoted;
  else if (c == '"' && place_ == place::start)
    place_ = place::quoted, quoted_row_ = true;
  else if (c == '"' && place_ == place::quote_in_quoted)
    field_ += c, place_ = place::quoted;
  else if (c == ',' || c == '\n')
    return end_field(c);
  else if (c != '\r' && place_ == place::quote_in_quoted)
    return make_error(ec::bad_field,
                      fmt::format("line {}: a quoted field must end at a comma "
                                  "or line end",
                                  line_));
  else if (c != '\r')
    field_ += c;
  return {};
}

caf::error csv_parser::finish() {
  if (place_ == place::quoted)
    return make_error(ec::bad_field,
                      fmt::format("line {}: a quoted field has no end",
                                  first_line_));
  if (place_ == place::start && row_.empty())
    return keys_.empty() ? make_error(ec::bad_field, "line 1: must name the "
                                                     "columns")
                         : caf::error{};
  row_.push_back(std::move(field_));
  return end_row();
}

caf::error csv_parser::end_field(char c) {
  row_.push_back(std::exchange(field_, {}));
  place_ = place::start;
  return c == '\n' ? end_row() : caf::error{};
}

caf::error csv_parser::end_row() {
  auto is_blank = row_.size() == 1 && row_.front().empty() && !quoted_row_;
  auto result = is_blank        ? caf::error{}
                : keys_.empty() ? take_names()
                                : take_values();
  row_.clear();
  quoted_row_ = false;
  first_line_ = line_;
  return result;
}

caf::error csv_parser::take_names() {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (row_.front().starts_with(mark))
    row_.front().erase(0, mark.size());
  json_quoter quote;
  for (const auto& name : row_) {
    if (std::count(row_.begin(), row_.end(), name) > 1)
      return make_error(
        ec::bad_field, fmt::format("line 1: column `{}` is there twice", name));
    keys_.push_back(
      fmt::format("{}{}:", keys_.empty() ? '{' : ',', quote.quoted(name)));
  }
  return {};
}

caf::error csv_parser::take_values() {
  if (row_.size() != keys_.size())
    return make_error(ec::bad_field,
                      fmt::format("line {}: has {} fields, not {}", first_line_,
                                  row_.size(), keys_.size()));
  item_.clear();
  for (std::size_t i = 0; i < row_.size(); ++i) {
    item_ += keys_[i];
    item_ += '"';
    json_quoter::append_escaped(item_, row_[i]);
    item_ += '"';
  }
  item_ += '}';
  return sink_(item_);
}

} // namespace orc
