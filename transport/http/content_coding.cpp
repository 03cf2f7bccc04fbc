#include "transport/http/content_coding.hpp"

#include "transport/http/message.hpp"

#include <brotli/decode.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <zlib.h>

namespace orc::http {

namespace {

/// What zlib expects in `inflateInit2` and `deflateInit2`.
constexpr int gzip_window = 15 + 16;
constexpr int zlib_window = 15;
constexpr int raw_window = -15;

using piece = std::array<unsigned char, 64 << 10>;

/// Appends `n` bytes of `from` unless that exceeds the limit.
bool append(std::string& result, const piece& from, std::size_t n,
            std::size_t limit) {
  if (n > limit - result.size())
    return false;
  result.append(reinterpret_cast<const char*>(from.data()), n);
  return true;
}

/// Inflates all members of `in`: gzip files may be concatenated.
decode_status
inflate_all(z_stream& stream, std::string& out, std::size_t limit) {
  auto buffer = std::make_unique<piece>();
  for (;;) {
    stream.next_out = buffer->data();
    stream.avail_out = static_cast<uInt>(buffer->size());
    auto code = inflate(&stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END)
      return decode_status::malformed;
    if (!append(out, *buffer, buffer->size() - stream.avail_out, limit))
      return decode_status::too_large;
    if (code == Z_STREAM_END) {
      if (stream.avail_in == 0)
        return decode_status::ok;
      if (inflateReset(&stream) != Z_OK)
        return decode_status::malformed;
    }
  }
}

decode_status decode_zlib(int window, const std::string& in, std::string& out,
                          std::size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, window) != Z_OK)
    throw std::bad_alloc{};
  std::unique_ptr<z_stream, decltype(&inflateEnd)> guard{&stream, inflateEnd};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  stream.avail_in = static_cast<uInt>(in.size());
  return inflate_all(stream, out, limit);
}

/// "deflate" means the zlib format, but some send raw deflate data.
decode_status
decode_deflate(const std::string& in, std::string& out, std::size_t limit) {
  auto status = decode_zlib(zlib_window, in, out, limit);
  if (status != decode_status::malformed)
    return status;
  out.clear();
  return decode_zlib(raw_window, in, out, limit);
}

decode_status
decode_brotli(const std::string& in, std::string& out, std::size_t limit) {
  using decoder = std::unique_ptr<BrotliDecoderState,
                                  decltype(&BrotliDecoderDestroyInstance)>;
  decoder state{BrotliDecoderCreateInstance(nullptr, nullptr, nullptr),
                BrotliDecoderDestroyInstance};
  auto buffer = std::make_unique<piece>();
  auto next_in = reinterpret_cast<const std::uint8_t*>(in.data());
  auto avail_in = in.size();
  for (;;) {
    auto next_out = buffer->data();
    auto avail_out = buffer->size();
    auto code = BrotliDecoderDecompressStream(state.get(), &avail_in, &next_in,
                                              &avail_out, &next_out, nullptr);
    if (!append(out, *buffer, buffer->size() - avail_out, limit))
      return decode_status::too_large;
    if (code == BROTLI_DECODER_RESULT_SUCCESS)
      return avail_in == 0 ? decode_status::ok : decode_status::malformed;
    if (code != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
      return decode_status::malformed;
  }
}

decode_status
decode_one(std::string_view coding, std::string& body, std::size_t limit) {
  if (coding.empty() || body.empty() || iequals(coding, "identity"))
    return decode_status::ok;
  std::string out;
  auto status = decode_status::unsupported;
  if (iequals(coding, "gzip") || iequals(coding, "x-gzip"))
    status = decode_zlib(gzip_window, body, out, limit);
  else if (iequals(coding, "deflate"))
    status = decode_deflate(body, out, limit);
  else if (iequals(coding, "br"))
    status = decode_brotli(body, out, limit);
  if (status == decode_status::ok)
    body = std::move(out);
  return status;
}

std::string_view trim(std::string_view text) {
  auto first = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

} // namespace

decode_status
decode_body(std::string_view codings, std::string& body, std::size_t limit) {
  // More than a few codings are an attack: there are gzip files that contain
  // themselves.
  if (std::ranges::count(codings, ',') > 3)
    return decode_status::unsupported;
  // Codings are listed in the order they were applied.
  for (auto rest = codings; !rest.empty();) {
    auto comma = rest.rfind(',');
    auto begin = comma == std::string_view::npos ? 0 : comma + 1;
    auto status = decode_one(trim(rest.substr(begin)), body, limit);
    if (status != decode_status::ok)
      return status;
    rest = rest.substr(0, begin == 0 ? 0 : comma);
  }
  return decode_status::ok;
}

std::string encode_gzip(std::string_view body) {
  constexpr int level = 4;
  constexpr int memory = 8;
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory,
                   Z_DEFAULT_STRATEGY)
      != Z_OK)
    throw std::bad_alloc{};
  std::unique_ptr<z_stream, decltype(&deflateEnd)> guard{&stream, deflateEnd};
  std::string result(deflateBound(&stream, body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  return result;
}

} // namespace orc::http
