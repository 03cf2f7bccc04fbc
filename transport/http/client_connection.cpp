#include "transport/http/client_connection.hpp"

#include "transport/http/client_pool.hpp"
#include "transport/http/content_coding.hpp"
#include "transport/http/request_head.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace orc::http {

namespace asio = net::asio;

namespace {

constexpr std::size_t max_header_bytes = 256 << 10;
constexpr std::size_t read_buffer_bytes = 64 << 10;
constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

const std::string no_body;

/// Undoes the encoding of an answer; leaves one that it does not know.
decode_status decode(parsed_message& message, std::size_t limit) {
  auto codings = message.headers.get("Content-Encoding");
  if (codings.empty())
    return decode_status::ok;
  auto status = decode_body(codings, message.body, limit);
  if (status == decode_status::ok) {
    message.headers.remove("Content-Encoding");
    message.headers.set("Content-Length", std::to_string(message.body.size()));
  }
  return status;
}

/// @returns how long to keep a connection: shorter than the server does if it
///          says so, lest a request crosses with the end of the connection.
std::chrono::milliseconds
idle_time(const fields& headers, std::chrono::seconds ours) {
  constexpr std::string_view key = "timeout=";
  auto text = headers.get("Keep-Alive");
  auto begin = text.find(key);
  unsigned seconds = 0;
  if (begin == std::string_view::npos)
    return ours;
  auto number = text.substr(begin + key.size());
  std::from_chars(number.data(), number.data() + number.size(), seconds);
  auto theirs = std::chrono::milliseconds{std::uint64_t{seconds} * 1000};
  return std::min<std::chrono::milliseconds>(ours, theirs - theirs / 5);
}

} // namespace

call::call(net::strand strand, outgoing what, client::callback callback)
  : request{std::move(what)}, done{std::move(callback)}, deadline{
                                                           std::move(strand)} {
  // nop
}

void call::finish(client::result result) {
  deadline.cancel();
  if (auto f = std::exchange(done, {}))
    f(std::move(result));
}

client_connection::client_connection(std::weak_ptr<client_pool> pool,
                                     net::strand strand,
                                     std::shared_ptr<asio::ssl::context> tls,
                                     std::chrono::seconds keep_alive)
  : pool_{std::move(pool)}, stream_{strand, std::move(tls)},
    keep_alive_{keep_alive}, timer_{strand}, parser_{
                                               message_parser::kind::response,
                                               {}} {
  // nop
}

// -- connecting -------------------------------------------------------------

void client_connection::start_timer(std::chrono::milliseconds timeout) {
  timer_.expires_after(timeout);
  timer_.async_wait([self = shared_from_this(), timeout](net::error_code ec) {
    if (!ec && !self->established_)
      self->connect_failed("no answer within " + std::to_string(timeout.count())
                           + " ms");
  });
}

void client_connection::connect(const client_stream::endpoints& to,
                                const std::string& host) {
  // It may have taken too long to look up the name.
  if (closed_)
    return;
  stream_.connect(to, [self = shared_from_this(), host](net::error_code ec) {
    if (self->closed_)
      return;
    if (ec)
      return self->connect_failed(ec.message());
    self->stream_.handshake(host, [self](net::error_code why) {
      if (self->closed_)
        return;
      if (why)
        return self->connect_failed("TLS: " + self->stream_.explain(why));
      self->on_established();
    });
  });
}

void client_connection::connect_failed(const std::string& why) {
  if (std::exchange(closed_, true))
    return;
  timer_.cancel();
  stream_.close();
  if (auto pool = pool_.lock())
    pool->on_connect_failed(shared_from_this(), why);
}

void client_connection::on_established() {
  established_ = true;
  timer_.cancel();
  idle_until_ = net::clock::now() + keep_alive_;
  if (auto pool = pool_.lock())
    pool->on_connected(shared_from_this());
}

// -- one request ------------------------------------------------------------

bool client_connection::is_usable() {
  return !closed_ && net::clock::now() < idle_until_ && stream_.is_quiet();
}

void client_connection::send(call_ptr what) {
  call_ = std::move(what);
  call_->carrier = shared_from_this();
  written_ = false;
  head_passed_ = false;
  const auto& request = call_->request;
  parser_.limit(
    {max_header_bytes, request.sink ? no_limit : request.max_body_bytes});
  parser_.begin(request.method == "HEAD");
  stream_.write(call_->head, request.body ? *request.body : no_body,
                [self = shared_from_this(), sent = call_](net::error_code ec,
                                                          std::size_t n) {
                  if (self->call_ == sent)
                    self->on_written(ec, n);
                });
  // Some servers answer before they have read all: 413, for one.
  read();
}

void client_connection::on_written(net::error_code ec, std::size_t n) {
  written_ = !ec;
  if (!ec)
    return;
  // What TLS has passed on is unknown: it counts only bytes before encryption.
  if (n > 0 || stream_.is_tls()) {
    write_error_ = ec.message();
    return;
  }
  auto unsent = std::exchange(call_, {});
  auto pool = pool_.lock();
  close();
  if (reused_ && pool)
    pool->submit_first(std::move(unsent));
  else
    unsent->finish(send_error{failure::not_sent,
                              describe(unsent->request) + ": " + ec.message()});
}

void client_connection::read() {
  if (!buffer_)
    buffer_ = std::make_unique_for_overwrite<char[]>(read_buffer_bytes);
  stream_.read_some(asio::buffer(buffer_.get(), read_buffer_bytes),
                    [self
                     = shared_from_this()](net::error_code ec, std::size_t n) {
                      self->on_read(ec, n);
                    });
}

void client_connection::on_read(net::error_code ec, std::size_t n) {
  if (closed_ || !call_)
    return;
  if (ec)
    return on_read_error(ec);
  input_.append(buffer_.get(), n);
  parse();
}

void client_connection::on_read_error(net::error_code ec) {
  auto& message = parser_.message();
  // Without the closing message of TLS, anyone could have cut the body short.
  if (ec == asio::error::eof && message.header_done && message.until_eof) {
    parser_.feed_eof();
    if (message.done)
      return pass_on() ? void() : on_answer();
  }
  if (!write_error_.empty())
    return lose(write_error_);
  if (ec == asio::error::eof || ec == asio::ssl::error::stream_truncated)
    return lose(message.header_done
                  ? "the connection was closed in the middle of the answer"
                  : "the connection was closed without an answer");
  lose(ec.message());
}

void client_connection::parse() {
  auto& message = parser_.message();
  for (;;) {
    input_.erase(0, parser_.feed(input_));
    if (message.error == parse_error::body_too_large)
      return lose("the answer exceeds "
                  + std::to_string(call_->request.max_body_bytes) + " bytes");
    if (message.error != parse_error::none)
      return lose("malformed answer: " + message.error_text);
    auto is_final = message.status / 100 != 1 || message.status == 101;
    if (message.header_done && is_final && pass_on())
      return;
    if (!message.done)
      return read();
    if (is_final)
      return on_answer();
    parser_.begin(call_->request.method == "HEAD");
  }
}

/// Brings what there is of the answer to the sink, if there is one.
/// @returns whether to wait for the sink.
bool client_connection::pass_on() {
  const auto& sink = call_->request.sink;
  if (!sink)
    return false;
  auto& message = parser_.message();
  if (!std::exchange(head_passed_, true)) {
    call_->deadline.cancel();
    auto give_up = [weak = weak_from_this(), what = std::weak_ptr{call_}] {
      auto self = weak.lock();
      if (!self)
        return;
      asio::post(self->timer_.get_executor(), [self, what] {
        if (auto given_up = what.lock(); given_up && self->call_ == given_up)
          self->lose("nobody wants the rest of the answer");
      });
    };
    sink->on_head({message.status, message.headers, {}}, std::move(give_up));
  }
  if (message.body.empty())
    return false;
  auto go_on = [self = shared_from_this(), what = call_] {
    asio::post(self->timer_.get_executor(),
               [self, what] { self->go_on(what); });
  };
  sink->on_piece(std::exchange(message.body, {}), std::move(go_on));
  return true;
}

void client_connection::go_on(const call_ptr& what) {
  if (closed_ || call_ != what)
    return;
  if (parser_.message().done)
    return on_answer();
  parse();
}

void client_connection::on_answer() {
  auto& message = parser_.message();
  if (call_->request.sink)
    message.headers.remove("Content-Encoding");
  switch (decode(message, call_->request.max_body_bytes)) {
    case decode_status::too_large:
      return lose("the decoded answer exceeds "
                  + std::to_string(call_->request.max_body_bytes) + " bytes");
    case decode_status::malformed:
      return lose("the body is not what its content encoding says");
    default:
      break;
  }
  auto answered = std::exchange(call_, {});
  idle_until_ = net::clock::now() + idle_time(message.headers, keep_alive_);
  response result{message.status, std::move(message.headers),
                  std::move(message.body)};
  auto reusable
    = message.keep_alive && written_ && input_.empty() && message.status != 101;
  reused_ = true;
  auto pool = pool_.lock();
  if (reusable && pool)
    pool->on_idle(shared_from_this());
  else
    close();
  answered->finish(std::move(result));
}

void client_connection::lose(const std::string& why) {
  fail({failure::answer_lost, describe(call_->request) + ": " + why});
}

void client_connection::fail(send_error why) {
  auto failed = std::exchange(call_, {});
  close();
  if (failed)
    failed->finish(std::move(why));
}

void client_connection::close() {
  if (std::exchange(closed_, true))
    return;
  timer_.cancel();
  stream_.close();
  if (auto pool = pool_.lock())
    pool->on_closed(shared_from_this());
}

} // namespace orc::http
