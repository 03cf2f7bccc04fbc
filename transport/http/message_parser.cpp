#include "transport/http/message_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <optional>
#include <variant>

namespace orc::http {

namespace beast = boost::beast;

namespace {

using error_code = beast::error_code;

std::string_view to_std(beast::string_view text) {
  return {text.data(), text.size()};
}

/// Beast's parser, which writes into a `parsed_message`.
template <bool IsRequest>
class beast_parser final : public beast::http::basic_parser<IsRequest> {
public:
  beast_parser(parsed_message& message, const parser_limits& limits)
    : message_{message} {
    this->eager(true);
    this->header_limit(static_cast<std::uint32_t>(limits.max_header_bytes));
    this->body_limit(limits.max_body_bytes);
  }

private:
  using optional_length = boost::optional<std::uint64_t>;

  void on_request_impl(beast::http::verb, beast::string_view method,
                       beast::string_view target, int version,
                       error_code&) override {
    message_.method = to_std(method);
    message_.target = to_std(target);
    message_.http11 = version == 11;
  }

  void on_response_impl(int code, beast::string_view, int version,
                        error_code&) override {
    message_.status = code;
    message_.http11 = version == 11;
  }

  void on_field_impl(beast::http::field name, beast::string_view text,
                     beast::string_view value, error_code& ec) override {
    // Trailers may not pass for headers.
    if (message_.header_done)
      return;
    // Beast takes a message with any other coding for one without a body: the
    // body would then be read as the next message.
    if (name == beast::http::field::transfer_encoding
        && !iequals(to_std(value), "chunked"))
      ec = beast::http::error::bad_transfer_encoding;
    message_.headers.add(std::string{to_std(text)}, std::string{to_std(value)});
  }

  void on_header_impl(error_code&) override {
    message_.header_done = true;
    message_.keep_alive = this->keep_alive();
    message_.until_eof = this->need_eof();
  }

  void on_body_init_impl(const optional_length& length, error_code&) override {
    // A length is only announced: believe it as far as it costs little.
    constexpr std::uint64_t believable = 1 << 20;
    if (length)
      message_.body.reserve(std::min(*length, believable));
  }

  std::size_t on_body_impl(beast::string_view piece, error_code&) override {
    message_.body.append(piece.data(), piece.size());
    return piece.size();
  }

  void on_chunk_header_impl(std::uint64_t, beast::string_view,
                            error_code&) override {
    // nop
  }

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece,
                                 error_code&) override {
    message_.body.append(piece.data(), piece.size());
    return piece.size();
  }

  void on_finish_impl(error_code&) override {
    message_.done = true;
  }

  parsed_message& message_;
};

/// A body in chunks ends with five bytes at least. Beast 1.81 asserts that it
/// sees them at once when it reads the last chunk again, so it gets no fewer.
template <bool IsRequest>
bool ends_later(const beast_parser<IsRequest>& parser, std::string_view bytes) {
  constexpr auto last_chunk = std::string_view{"0\r\n\r\n"};
  return parser.is_header_done() && parser.chunked()
         && bytes.size() < last_chunk.size();
}

parse_error to_parse_error(const error_code& ec) {
  if (ec == beast::http::error::header_limit)
    return parse_error::header_too_large;
  if (ec == beast::http::error::body_limit)
    return parse_error::body_too_large;
  return parse_error::malformed;
}

} // namespace

struct message_parser::impl {
  using request_parser = beast_parser<true>;
  using response_parser = beast_parser<false>;

  template <class F>
  void with_parser(F f) {
    if (auto* parser = std::get_if<request_parser>(&active))
      f(*parser);
    else if (auto* other = std::get_if<response_parser>(&active))
      f(*other);
  }

  void fail(parse_error error, std::string text) {
    message.error = error;
    message.error_text = std::move(text);
  }

  void check(const error_code& ec) {
    if (ec && ec != beast::http::error::need_more)
      fail(to_parse_error(ec), ec.message());
  }

  kind what;
  parser_limits limits;
  parsed_message message;
  std::variant<std::monostate, request_parser, response_parser> active;
};

message_parser::message_parser(kind what, parser_limits limits)
  : impl_{std::make_unique<impl>()} {
  impl_->what = what;
  impl_->limits = limits;
  begin();
}

message_parser::~message_parser() = default;

message_parser::message_parser(message_parser&&) noexcept = default;

message_parser& message_parser::operator=(message_parser&&) noexcept = default;

void message_parser::limit(parser_limits limits) noexcept {
  impl_->limits = limits;
}

void message_parser::begin(bool skip_body) {
  auto& [what, limits, message, active] = *impl_;
  message = {};
  if (what == kind::request)
    active.emplace<impl::request_parser>(message, limits);
  else
    active.emplace<impl::response_parser>(message, limits).skip(skip_body);
}

std::size_t message_parser::feed(std::string_view bytes) {
  auto& message = impl_->message;
  if (bytes.empty() || message.done || message.error != parse_error::none)
    return 0;
  error_code ec;
  std::size_t consumed = 0;
  impl_->with_parser([&](auto& parser) {
    if (!ends_later(parser, bytes))
      consumed = parser.put({bytes.data(), bytes.size()}, ec);
  });
  impl_->check(ec);
  // Beast limits neither trailers nor the extensions of chunks.
  if (bytes.size() - consumed > impl_->limits.max_header_bytes && !message.done
      && message.error == parse_error::none)
    impl_->fail(parse_error::header_too_large,
                "trailer or chunk header too large");
  return consumed;
}

void message_parser::feed_eof() {
  auto& message = impl_->message;
  if (message.done || message.error != parse_error::none)
    return;
  error_code ec = beast::http::error::partial_message;
  impl_->with_parser([&](auto& parser) {
    if (parser.got_some())
      parser.put_eof(ec);
  });
  impl_->check(ec);
}

parsed_message& message_parser::message() noexcept {
  return impl_->message;
}

} // namespace orc::http
