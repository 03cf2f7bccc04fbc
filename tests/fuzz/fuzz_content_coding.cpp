#include "tests/fuzz/require.hpp"
#include "transport/http/content_coding.hpp"

#include <array>
#include <string>

namespace {

constexpr std::size_t limit = 1 << 16;

constexpr auto codings = std::array<std::string_view, 6>{
  "gzip", "deflate", "br", "gzip, br", "identity", "x-gzip, deflate"};

} // namespace

/// The first byte selects the codings. What is decoded stays below the limit,
/// and what we encode comes back.
extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orc;
  if (size == 0)
    return 0;
  auto text = fuzz::as_text(data + 1, size - 1);
  auto body = std::string{text};
  auto status
    = http::decode_body(codings[data[0] % codings.size()], body, limit);
  fuzz::require(status != http::decode_status::ok || body.size() <= limit
                || body == text);
  auto packed = http::encode_gzip(text);
  fuzz::require(http::decode_body("gzip", packed, size)
                  == http::decode_status::ok
                && packed == text);
  return 0;
}
