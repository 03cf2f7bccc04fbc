#include "transport/sources/array_pages.hpp"

#include "transport/sources/array_finder.hpp"
#include "transport/sources/value_end.hpp"

#include <fmt/format.h>

namespace orc {

array_pages::array_pages(std::string name, std::unique_ptr<byte_source> bytes,
                         std::string pointer)
  : name_{std::move(name)}, bytes_{std::move(bytes)},
    pointer_{std::move(pointer)}, window_{*bytes_} {
  // nop
}

caf::expected<walk_page> array_pages::read(const read_walk_page& wanted) {
  auto at = file_place::parse(wanted.cursor, 0);
  if (!at)
    return std::move(at.error());
  if (auto err = begin(*at))
    return err;
  page_builder page;
  auto more = at->offset == 0 ? find_first() : caf::expected<bool>{true};
  while (more && *more && page.count() < wanted.size)
    more = take_element(page);
  if (!more)
    return std::move(more.error());
  expected_ = *more ? at_.offset : 0;
  return page.finish(*more ? std::optional{at_.cursor()} : std::nullopt);
}

caf::error array_pages::begin(const file_place& at) {
  auto is_known = at.offset > 0 && at.offset == expected_;
  window_.seek(at.offset);
  at_ = at;
  if (at.offset == 0) {
    if (auto err = window_.skip_mark())
      return err;
    auto err = array_finder{window_}.find(pointer_);
    at_.offset = window_.position();
    if (!err || code_of(err) != ec::bad_json)
      return err;
    return make_error(ec::bad_json, fmt::format("{}, byte {}: {}", name_,
                                                at_.offset, message_of(err)));
  }
  if (is_known)
    return {};
  auto before = window_.byte_before();
  if (!before)
    return std::move(before.error());
  return *before == "," ? caf::error{} : is_other_file(name_, at.offset);
}

caf::expected<bool> array_pages::find_first() {
  auto c = window_.next();
  if (!c)
    return std::move(c.error());
  if (*c != ']')
    return true;
  window_.advance(1);
  if (auto err = check_rest())
    return err;
  return false;
}

caf::expected<bool> array_pages::take_element(page_builder& page) {
  auto end = find_end();
  if (!end)
    return std::move(end.error());
  auto text = window_.ahead().substr(0, *end);
  auto closing = window_.ahead()[*end];
  if (!is_unicode(text))
    return wrong("is not in UTF-8");
  auto item = check_.check_line(text);
  if (!item)
    return wrong(message_of(item.error()));
  if (closing == '}')
    return wrong("`,` or `]` was expected behind it, not `}`");
  if (auto err = page.add(*item))
    return err;
  window_.advance(*end + 1);
  at_ = {window_.position(), at_.number + 1};
  if (closing == ',')
    return true;
  if (auto err = check_rest())
    return err;
  return false;
}

caf::expected<std::size_t> array_pages::find_end() {
  value_end end;
  std::size_t at = 0;
  while (true) {
    at += end.find(window_.ahead().substr(at));
    if (at < window_.ahead().size())
      return at;
    if (at > max_item_bytes)
      return wrong("is longer than 64 MiB");
    auto got = window_.more();
    if (!got)
      return std::move(got.error());
    if (!*got)
      return wrong("the file ends before the array does: is somebody still "
                   "writing it?");
  }
}

caf::error array_pages::check_rest() {
  if (!pointer_.empty())
    return {};
  auto c = window_.next();
  if (!c)
    return std::move(c.error());
  return *c == '\0' ? caf::error{}
                    : make_error(ec::bad_json,
                                 fmt::format("{}, byte {}: something follows "
                                             "the array",
                                             name_, window_.position()));
}

caf::error array_pages::wrong(std::string_view what) const {
  return make_error(ec::bad_json,
                    fmt::format("{}, element {}, byte {}: {}", name_,
                                at_.number, at_.offset, what));
}

} // namespace orc
