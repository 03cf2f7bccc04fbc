#include "transport/server/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace orc::server {

std::optional<std::string> decode_base64(std::string_view text) {
  std::string in{text};
  // Some leave the padding out.
  while (in.size() % 4 != 0)
    in += '=';
  std::string out(in.size() / 4 * 3, '\0');
  auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                              reinterpret_cast<const unsigned char*>(in.data()),
                              static_cast<int>(in.size()));
  if (size < 0)
    return std::nullopt;
  // The decoder counts what the padding stands for.
  auto padding = std::min<std::size_t>(
    2, in.size() - std::min(in.size(), in.find_last_not_of('=') + 1));
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

} // namespace orc::server
