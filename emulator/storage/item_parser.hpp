#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orc::emulator {

/// Items as they came in one push: checked, without white space.
struct parsed_items {
  struct item {
    std::size_t begin = 0;
    std::size_t size = 0;
    std::uint8_t flags = 0;
  };

  std::string text;
  std::vector<item> items;

  std::string_view operator[](std::size_t i) const {
    return std::string_view{text}.substr(items[i].begin, items[i].size);
  }
};

/// Reads the body of a push: a JSON object, or an array of objects. Numbers
/// keep their spelling.
/// @throws api_error if it is anything else; then nothing may be stored
parsed_items parse_items(std::string_view json);

} // namespace orc::emulator
