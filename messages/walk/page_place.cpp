#include "messages/walk/page_place.hpp"

#include <fmt/format.h>

#include <charconv>

namespace orc {

page_place page_place::parse(std::string_view cursor) {
  auto colon = cursor.find(':');
  if (cursor.starts_with('+') && colon != std::string_view::npos) {
    auto count = cursor.substr(1, colon - 1);
    std::uint64_t skip = 0;
    auto [end, error] = std::from_chars(count.begin(), count.end(), skip);
    if (error == std::errc{} && end == count.end())
      return {std::string{cursor.substr(colon + 1)}, skip};
  }
  return {std::string{cursor}, 0};
}

std::string page_place::cursor() const {
  // One of theirs that looks like ours must not be taken for it.
  if (skip == 0 && !at.starts_with('+'))
    return at;
  return fmt::format("+{}:{}", skip, at);
}

} // namespace orc
