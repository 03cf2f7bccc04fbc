#include "tests/transport/http/masked_frame.hpp"
#include "transport/http/websocket_frame.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace orc::http;
using orc::http::test::masked_frame;

namespace {

using status = websocket_decoder::status;

std::uint16_t error_of(std::string bytes) {
  websocket_decoder decoder{1000};
  std::string_view rest = bytes;
  while (true) {
    auto result = decoder.next(rest);
    if (result != status::message)
      return result == status::failed ? decoder.error() : std::uint16_t{0};
  }
}

} // namespace

TEST_CASE("the key of RFC 6455 gets the answer of RFC 6455") {
  CHECK(websocket_accept("dGhlIHNhbXBsZSBub25jZQ==")
        == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ=="));
  CHECK_FALSE(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ"));
}

TEST_CASE("frames of each length are read back") {
  auto size = GENERATE(0, 1, 125, 126, 127, 65535, 65536, 100000);
  auto text = std::string(static_cast<std::size_t>(size), 'x');
  auto bytes = masked_frame(opcode::text, text);
  websocket_decoder decoder{1 << 20};
  std::string_view rest = bytes;
  REQUIRE(decoder.next(rest) == status::message);
  CHECK(decoder.payload() == text);
  CHECK(rest.empty());
}

TEST_CASE("a message in fragments is put together, a ping between them apart") {
  auto bytes = masked_frame(opcode::text, "a", false)
               + masked_frame(opcode::ping, "p")
               + masked_frame(opcode::continuation, "b", false)
               + masked_frame(opcode::continuation, "c");
  websocket_decoder decoder{1000};
  std::string_view rest = bytes;
  REQUIRE(decoder.next(rest) == status::message);
  CHECK(decoder.type() == opcode::ping);
  REQUIRE(decoder.next(rest) == status::message);
  CHECK(decoder.type() == opcode::text);
  CHECK(decoder.payload() == "abc");
}

TEST_CASE("frames that break the rules fail with the code that says how") {
  auto unmasked = make_frame(opcode::text, "x");
  auto reserved = masked_frame(opcode::text, "x");
  reserved[0] = static_cast<char>(reserved[0] | 0x40);
  CHECK(error_of(unmasked) == 1002);
  CHECK(error_of(reserved) == 1002);
  CHECK(error_of(masked_frame(opcode::continuation, "x")) == 1002);
  CHECK(error_of(masked_frame(opcode::ping, "x", false)) == 1002);
  CHECK(error_of(masked_frame(opcode::ping, std::string(126, 'x'))) == 1002);
  CHECK(error_of(masked_frame(static_cast<opcode>(3), "x")) == 1002);
  CHECK(error_of(masked_frame(opcode::text, "a", false)
                 + masked_frame(opcode::text, "b"))
        == 1002);
  CHECK(error_of(masked_frame(opcode::text, "\xC3\x28")) == 1007);
  CHECK(error_of(masked_frame(opcode::text, std::string(1001, 'x'))) == 1009);
  CHECK(error_of(masked_frame(opcode::text, std::string(600, 'x'), false)
                 + masked_frame(opcode::continuation, std::string(600, 'x')))
        == 1009);
}

TEST_CASE("the payload of a close frame has a code, or none") {
  CHECK(parse_close_payload("") == 1005);
  CHECK(parse_close_payload("x") == 1002);
  CHECK(parse_close_payload(make_close_payload(1000, "bye")) == 1000);
  CHECK(parse_close_payload(make_close_payload(1005, "")) == 1002);
  CHECK(parse_close_payload(make_close_payload(4321, "")) == 4321);
  CHECK(make_close_payload(1000, std::string(200, 'x')).size() == 125);
}

TEST_CASE("no bytes break the decoder of frames") {
  std::mt19937 random{5};
  for (int i = 0; i < 20000; ++i) {
    auto bytes = masked_frame(opcode::text, "hello", random() % 2 == 0)
                 + masked_frame(opcode::continuation, "world");
    for (auto n = random() % 4; n > 0; --n)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    CHECK_NOTHROW(error_of(bytes));
  }
}
