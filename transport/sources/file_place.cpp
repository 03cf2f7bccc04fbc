#include "transport/sources/file_place.hpp"

#include "messages/base/utf8.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

namespace orc {

namespace {

bool read_number(std::string_view text, std::uint64_t& to) {
  auto [end, error] = std::from_chars(text.begin(), text.end(), to);
  return error == std::errc{} && end == text.end();
}

} // namespace

caf::expected<file_place>
file_place::parse(std::string_view cursor, std::uint64_t first) {
  if (cursor.empty())
    return file_place{0, first};
  file_place result;
  auto colon = cursor.find(':');
  auto is_good = read_number(cursor.substr(0, colon), result.offset)
                 && (colon == std::string_view::npos
                     || read_number(cursor.substr(colon + 1), result.number));
  if (!is_good)
    return make_error(ec::bad_field,
                      fmt::format("cursor {}: must be the byte at which a page "
                                  "begins, such as 345; \"\" is the beginning",
                                  cursor));
  if (result.offset == 0)
    result.number = first;
  return result;
}

std::string file_place::cursor() const {
  return number == 0 ? fmt::format("{}", offset)
                     : fmt::format("{}:{}", offset, number);
}

caf::error bad_line(const std::string& name, const file_place& line,
                    std::string_view what) {
  auto number
    = line.number > 0 ? fmt::format("line {}, ", line.number) : std::string{};
  return make_error(ec::bad_json, fmt::format("{}, {}byte {}: {}", name, number,
                                              line.offset, what));
}

caf::error is_other_file(const std::string& name, std::uint64_t offset) {
  return make_error(ec::bad_config,
                    fmt::format("{}: no item begins at byte {}: the file is "
                                "not the one that was read before. Put that "
                                "one back, or begin a new batch",
                                name, offset));
}

bool is_unicode(std::string_view text) {
  constexpr std::uint64_t highs = 0x8080808080808080;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof(word));
    if ((word & highs) != 0)
      break;
  }
  return is_utf8(text.substr(at));
}

} // namespace orc
