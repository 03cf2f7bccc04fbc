#include "actors/walk/error_text.hpp"

#include "messages/base/utf8.hpp"

namespace orc {

namespace {

bool goes_on_a_character(char x) {
  return (static_cast<unsigned char>(x) & 0xC0) == 0x80;
}

} // namespace

std::string error_text(const std::string& x, std::size_t longest) {
  auto result = to_utf8(x);
  if (result.size() <= longest)
    return result;
  while (longest > 0 && goes_on_a_character(result[longest]))
    --longest;
  result.resize(longest);
  return result;
}

} // namespace orc
