#include "transport/sources/csv_pages.hpp"

#include "messages/json/json_quoter.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc {

csv_pages::csv_pages(std::string name, std::unique_ptr<byte_source> bytes,
                     char delimiter)
  : name_{std::move(name)}, bytes_{std::move(bytes)}, window_{*bytes_},
    rows_{delimiter} {
  // nop
}

caf::expected<walk_page> csv_pages::read(const read_walk_page& wanted) {
  auto at = file_place::parse(wanted.cursor, 0);
  if (!at)
    return std::move(at.error());
  if (keys_.empty())
    if (auto err = read_names())
      return err;
  auto is_ahead = at->offset > 0 && at->offset == read_ahead_;
  if (!is_ahead)
    if (auto err = begin(*at))
      return err;
  page_builder page;
  auto more = is_ahead ? caf::expected<bool>{true} : next_row();
  read_ahead_ = 0;
  for (; more && *more && page.count() < wanted.size; more = next_row()) {
    auto row = item();
    if (!row)
      return std::move(row.error());
    if (auto err = page.add(*row))
      return err;
  }
  if (!more)
    return std::move(more.error());
  if (!*more)
    return page.finish(std::nullopt);
  read_ahead_ = at_.offset;
  return page.finish(at_.cursor());
}

caf::error csv_pages::read_names() {
  window_.seek(0);
  if (auto err = window_.skip_mark())
    return err;
  behind_ = {window_.position(), 1};
  auto got = next_row();
  if (!got)
    return std::move(got.error());
  if (!*got)
    return bad_line(name_, {0, 1}, "the first row must name the columns");
  body_ = behind_;
  return name_columns(rows_.cells());
}

caf::error csv_pages::name_columns(const std::vector<std::string>& names) {
  std::vector<std::string> keys;
  json_quoter quote;
  for (const auto& name : names) {
    if (!is_unicode(name))
      return bad_line(name_, at_, "is not in UTF-8; iconv makes it so");
    if (std::count(names.begin(), names.end(), name) > 1)
      return bad_line(name_, at_,
                      fmt::format("column `{}` is there twice", name));
    keys.push_back(
      fmt::format("{}{}:", keys.empty() ? '{' : ',', quote.quoted(name)));
  }
  keys_ = std::move(keys);
  return {};
}

caf::error csv_pages::begin(const file_place& at) {
  behind_ = at.offset == 0 ? body_ : at;
  window_.seek(behind_.offset);
  if (behind_.offset == body_.offset)
    return {};
  auto before = window_.byte_before();
  if (!before)
    return std::move(before.error());
  auto is_row = *before == "\n" && at.offset > body_.offset;
  return is_row ? caf::error{} : is_other_file(name_, at.offset);
}

caf::expected<bool> csv_pages::next_row() {
  do {
    at_ = behind_;
    auto got = rows_.read(window_);
    if (!got)
      return bad_line(name_, at_, message_of(got.error()));
    if (window_.ahead().empty())
      if (auto err = check_length())
        return err;
    if (!*got)
      return false;
    behind_.offset = window_.position();
    behind_.number += at_.number > 0 ? rows_.lines() : 0;
  } while (rows_.is_blank());
  return true;
}

/// A row that ends with the file may be half of one, and the end too early:
/// nothing in a row tells.
caf::error csv_pages::check_length() {
  auto before = window_.byte_before();
  if (!before)
    return std::move(before.error());
  return before->empty() && window_.position() > 0
           ? bad_line(name_, at_, "the file has become shorter meanwhile")
           : caf::error{};
}

caf::expected<std::string> csv_pages::item() {
  const auto& cells = rows_.cells();
  if (cells.size() != keys_.size())
    return bad_line(name_, at_,
                    fmt::format("has {} cells, and the first row names {} "
                                "columns",
                                cells.size(), keys_.size()));
  std::string result;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!is_unicode(cells[i]))
      return bad_line(name_, at_, "is not in UTF-8; iconv makes it so");
    result += keys_[i];
    result += '"';
    json_quoter::append_escaped(result, cells[i]);
    result += '"';
  }
  result += '}';
  return result;
}

} // namespace orc
