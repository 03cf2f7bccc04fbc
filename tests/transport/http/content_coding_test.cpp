#include "transport/http/content_coding.hpp"

#include <brotli/encode.h>
#include <catch2/catch.hpp>

#include <zlib.h>

using namespace orc::http;

namespace {

constexpr std::size_t plenty = 1 << 20;

const std::string text = [] {
  std::string result;
  for (int i = 0; i < 5000; ++i)
    result += "line " + std::to_string(i) + "\n";
  return result;
}();

std::string brotli(const std::string& from) {
  std::string result(BrotliEncoderMaxCompressedSize(from.size()), '\0');
  auto size = result.size();
  BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE,
                        from.size(),
                        reinterpret_cast<const std::uint8_t*>(from.data()),
                        &size, reinterpret_cast<std::uint8_t*>(result.data()));
  result.resize(size);
  return result;
}

std::string zlib(const std::string& from) {
  std::string result(compressBound(from.size()), '\0');
  auto size = static_cast<uLongf>(result.size());
  compress(reinterpret_cast<Bytef*>(result.data()), &size,
           reinterpret_cast<const Bytef*>(from.data()), from.size());
  result.resize(size);
  return result;
}

/// Strips the head and the checksum of the zlib format.
std::string raw_deflate(const std::string& from) {
  auto result = zlib(from);
  return result.substr(2, result.size() - 6);
}

} // namespace

TEST_CASE("gzip, deflate in both its forms, and br are undone") {
  auto [coding, body] = GENERATE(table<std::string, std::string>({
    {"gzip", encode_gzip(text)},
    {"x-gzip", encode_gzip(text)},
    {"GZIP", encode_gzip(text)},
    {"deflate", zlib(text)},
    {"deflate", raw_deflate(text)},
    {"br", brotli(text)},
    {"identity", text},
    {"", text},
    {"gzip", encode_gzip(text.substr(0, 9)) + encode_gzip(text.substr(9))},
    {"gzip, br", brotli(encode_gzip(text))},
    {"br , identity,\tgzip", encode_gzip(brotli(text))},
  }));
  CHECK(decode_body(coding, body, plenty) == decode_status::ok);
  CHECK(body == text);
}

TEST_CASE("a body that is cut short or garbled is malformed") {
  auto [coding, body] = GENERATE(table<std::string, std::string>({
    {"gzip", encode_gzip(text)},
    {"deflate", zlib(text)},
    {"br", brotli(text)},
  }));
  auto cut = body.substr(0, body.size() / 2);
  CHECK(decode_body(coding, cut, plenty) == decode_status::malformed);
  body[body.size() / 2] = static_cast<char>(body[body.size() / 2] ^ 0x55);
  body += "tail";
  CHECK(decode_body(coding, body, plenty) == decode_status::malformed);
}

TEST_CASE("a body that would grow past the limit is stopped") {
  auto bomb = std::string(8 << 20, '\0');
  auto [coding, body] = GENERATE_REF(table<std::string, std::string>({
    {"gzip", encode_gzip(bomb)},
    {"deflate", zlib(bomb)},
    {"br", brotli(bomb)},
    {"gzip, gzip", encode_gzip(encode_gzip(bomb))},
  }));
  CHECK(decode_body(coding, body, plenty) == decode_status::too_large);
}

TEST_CASE("a body of exactly the limit passes") {
  auto body = encode_gzip(text);
  CHECK(decode_body("gzip", body, text.size()) == decode_status::ok);
  body = encode_gzip(text);
  CHECK(decode_body("gzip", body, text.size() - 1) == decode_status::too_large);
}

TEST_CASE("codings that we do not know are unsupported") {
  auto coding = GENERATE("zstd", "gzip, compress", "gzip,gzip,gzip,gzip,gzip");
  std::string body = "x";
  CHECK(decode_body(coding, body, plenty) != decode_status::ok);
}
