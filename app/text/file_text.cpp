#include "app/text/file_text.hpp"

#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

namespace orc::app {

namespace {

caf::error unreadable(const std::string& path, std::string_view why,
                      std::string_view advice) {
  return make_error(ec::bad_config, fmt::format("{}: cannot be read: {}; {}",
                                                path, why, advice));
}

std::string_view advice_for(int reason) {
  switch (reason) {
    case ENOENT:
    case ENOTDIR:
      return "check the path";
    case EACCES:
      return "check its permissions";
    default:
      return "try again, or give another file";
  }
}

} // namespace

caf::expected<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream in{path, std::ios::binary};
  auto reason = errno;
  if (!in)
    return unreadable(path, std::generic_category().message(reason),
                      advice_for(reason));
  std::error_code ignored;
  // A folder opens like a file, yet cannot be read.
  if (std::filesystem::is_directory(path, ignored))
    return unreadable(path, "it is a folder", "give a file in it");
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (in.bad())
    return unreadable(path, std::generic_category().message(errno),
                      advice_for(errno));
  return text;
}

caf::expected<std::string> read_file_or_input(const std::string& path) {
  using iterator = std::istreambuf_iterator<char>;
  if (path == "-")
    return std::string{iterator{std::cin}, iterator{}};
  return read_file(path);
}

} // namespace orc::app
