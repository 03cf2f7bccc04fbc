#include "messages/base/utf8.hpp"
#include "tests/fuzz/require.hpp"
#include "transport/http/websocket_frame.hpp"

namespace {

using namespace orc;

constexpr std::size_t limit = 1 << 12;

} // namespace

/// Whatever a client sends are messages within the limit, or a close code.
extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using status = http::websocket_decoder::status;
  auto bytes = fuzz::as_text(data, size);
  (void)http::parse_close_payload(bytes);
  (void)http::is_websocket_key(bytes);
  auto decoder = http::websocket_decoder{limit};
  auto result = decoder.next(bytes);
  for (; result == status::message; result = decoder.next(bytes)) {
    fuzz::require(decoder.payload().size() <= limit);
    fuzz::require(decoder.type() != http::opcode::text
                  || is_utf8(decoder.payload()));
  }
  fuzz::require(result != status::failed || decoder.error() >= 1000);
  return 0;
}
