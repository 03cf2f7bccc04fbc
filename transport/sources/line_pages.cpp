#include "transport/sources/line_pages.hpp"

#include <fmt/format.h>

namespace orc {

namespace {

constexpr std::string_view blanks = " \t\r";

} // namespace

line_pages::line_pages(std::string name, std::unique_ptr<byte_source> bytes)
  : name_{std::move(name)}, bytes_{std::move(bytes)}, window_{*bytes_} {
  // nop
}

caf::expected<walk_page> line_pages::read(const read_walk_page& wanted) {
  auto at = file_place::parse(wanted.cursor, 1);
  if (!at)
    return std::move(at.error());
  if (auto err = begin(*at))
    return err;
  page_builder page;
  auto more = find_line();
  while (more && *more && page.count() < wanted.size) {
    auto taken = take_line(page);
    if (!taken)
      return std::move(taken.error());
    more = find_line();
  }
  if (!more)
    return std::move(more.error());
  expected_ = *more ? line_.offset : 0;
  return page.finish(*more ? std::optional{line_.cursor()} : std::nullopt);
}

caf::error line_pages::begin(const file_place& at) {
  auto is_known = at.offset == expected_;
  window_.seek(at.offset);
  line_ = at;
  if (at.offset == 0)
    return window_.skip_mark();
  if (is_known)
    return {};
  auto before = window_.byte_before();
  if (!before)
    return std::move(before.error());
  return *before == "\n" ? caf::error{} : is_other_file(name_, at.offset);
}

caf::expected<bool> line_pages::find_line() {
  std::size_t begin = 0;
  std::size_t at = 0;
  while (true) {
    auto text = window_.ahead();
    for (; at < text.size(); ++at) {
      if (text[at] == '\n') {
        begin = at + 1;
        line_.number += line_.number > 0 ? 1 : 0;
      } else if (blanks.find(text[at]) == std::string_view::npos) {
        window_.advance(begin);
        line_.offset = window_.position();
        return true;
      }
    }
    window_.advance(begin);
    at -= begin;
    begin = 0;
    if (at > max_item_bytes)
      return wrong("is blank for more than 64 MiB");
    auto got = window_.more();
    if (!got || !*got)
      return got;
  }
}

caf::expected<bool> line_pages::take_line(page_builder& page) {
  std::size_t end = 0;
  while (true) {
    auto found = window_.ahead().find('\n', end);
    if (found != std::string_view::npos) {
      end = found;
      break;
    }
    end = window_.ahead().size();
    if (end > max_item_bytes)
      return wrong("is longer than 64 MiB; are the documents one a line?");
    auto got = window_.more();
    if (!got)
      return std::move(got.error());
    if (!*got)
      break;
  }
  auto line = window_.ahead().substr(0, end);
  if (!is_unicode(line))
    return wrong("is not in UTF-8");
  auto item = check_.check_line(line);
  if (!item)
    return wrong(message_of(item.error()));
  if (auto err = page.add(*item))
    return err;
  window_.advance(end);
  return true;
}

caf::error line_pages::wrong(std::string_view what) const {
  return bad_line(name_, line_, what);
}

} // namespace orc
