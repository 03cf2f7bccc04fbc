#include "tests/fuzz/require.hpp"
#include "transport/http/request_reader.hpp"

#include <algorithm>

namespace {

using namespace orc;

constexpr auto limits = http::parser_limits{2048, 4096};

/// @returns how many requests a server reads from `text` when it arrives in
///          pieces of `step` bytes.
std::size_t count_requests(std::string_view text, std::size_t step) {
  auto reader = http::request_reader{limits};
  std::size_t found = 0;
  for (; !text.empty(); text.remove_prefix(std::min(step, text.size()))) {
    reader.append(text.substr(0, step));
    auto status = reader.read();
    for (; status == http::request_reader::status::complete; status
                                                             = reader.read()) {
      (void)reader.take();
      ++found;
    }
    if (status == http::request_reader::status::refused) {
      fuzz::require(reader.refusal() >= 400 && !reader.reason().empty());
      break;
    }
    (void)reader.wants_continue();
  }
  return found;
}

/// Reads `text` as the answer of a server that closes the connection.
void read_response(std::string_view text) {
  auto parser
    = http::message_parser{http::message_parser::kind::response, limits};
  parser.begin();
  text.remove_prefix(parser.feed(text));
  parser.feed_eof();
  auto& message = parser.message();
  fuzz::require(message.body.size() <= limits.max_body_bytes);
}

} // namespace

/// How bytes are cut on their way must not matter.
extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::as_text(data, size);
  auto whole = count_requests(text, size + 1);
  fuzz::require(count_requests(text, 1) == whole);
  fuzz::require(count_requests(text, 7) == whole);
  read_response(text);
  return 0;
}
