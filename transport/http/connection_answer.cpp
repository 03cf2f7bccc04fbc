// How a connection answers: what the exchange calls.

#include "transport/http/connection.hpp"
#include "transport/http/listener.hpp"
#include "transport/http/websocket_session.hpp"

#include <boost/asio/post.hpp>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace orc::http {

namespace {

/// @returns whether a response of this status never has a body.
bool is_bodiless(int status) {
  return status / 100 == 1 || status == 204 || status == 304;
}

bool wants_close(const response& from) {
  return iequals(from.headers.get("Connection"), "close");
}

std::string chunk_head(std::size_t size) {
  std::array<char, 18> text{};
  auto end = std::to_chars(text.begin(), text.end(), size, 16).ptr;
  return std::string{text.begin(), end} + "\r\n";
}

/// @returns the `Content-Length` that the handler set, if it is a number.
std::optional<std::uint64_t> content_length(const response& from) {
  auto text = from.headers.get("Content-Length");
  std::uint64_t result = 0;
  auto last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, result);
  if (text.empty() || ec != std::errc{} || end != last)
    return std::nullopt;
  return result;
}

} // namespace

bool connection::is_current(std::uint64_t exchange) const noexcept {
  return phase_ == phase::answering && exchange == exchange_;
}

head_options connection::make_head_options(framing body, std::uint64_t length) {
  return {
    .body = body,
    .length = length,
    .keep_alive = answer_.keep_alive,
    .http11 = answer_.http11,
  };
}

void connection::reply(response what) {
  answer_.finished = true;
  answer_.keep_alive
    = answer_.keep_alive && !wants_close(what) && !owner_->draining();
  auto body = framing::length;
  if (is_bodiless(what.status)
      || (answer_.head_only && what.body.empty() && content_length(what)))
    body = framing::none;
  auto head = render_head(what, make_head_options(body, what.body.size()));
  if (answer_.head_only || is_bodiless(what.status))
    what.body.clear();
  write_raw(std::move(head), std::move(what.body));
}

void connection::reply_error(int status, std::string_view message) {
  reply(owner_->make_error(status, message));
}

void connection::start_stream(response head) {
  auto length = content_length(head);
  if (is_bodiless(head.status))
    answer_.body = framing::none;
  else if (length)
    answer_.body = framing::length;
  else
    answer_.body = answer_.http11 ? framing::chunked : framing::until_close;
  answer_.missing = length.value_or(0);
  answer_.keep_alive = answer_.keep_alive && !wants_close(head)
                       && !owner_->draining()
                       && answer_.body != framing::until_close;
  write_raw(
    render_head(head, make_head_options(answer_.body, answer_.missing)));
}

void connection::write_piece(std::string piece, callback done) {
  if (answer_.head_only || answer_.body == framing::none || piece.empty())
    return write_raw({}, {}, std::move(done));
  if (answer_.body == framing::chunked) {
    auto head = chunk_head(piece.size());
    piece += "\r\n";
    return write_raw(std::move(head), std::move(piece), std::move(done));
  }
  // More than was announced would pass for the next answer.
  if (answer_.body == framing::length && piece.size() > answer_.missing)
    piece.resize(answer_.missing);
  answer_.missing -= answer_.body == framing::length ? piece.size() : 0;
  write_raw({}, std::move(piece), std::move(done));
}

void connection::finish_stream() {
  auto has_body = !answer_.head_only;
  // A client that was promised more must see that there is no more.
  if (has_body && answer_.body == framing::length && answer_.missing > 0)
    answer_.keep_alive = false;
  answer_.finished = true;
  write_raw(has_body && answer_.body == framing::chunked ? "0\r\n\r\n" : "");
}

void connection::upgrade(const response& head,
                         std::shared_ptr<websocket_session> to) {
  --owner_->active();
  answer_.on_gone = {};
  phase_ = phase::upgraded;
  session_ = std::move(to);
  set_deadline();
  auto session = session_;
  write_raw(render_head(head, {.body = framing::none}));
  session->open();
  if (owner_->draining())
    session->close(1001, "the server goes away");
  process();
}

void connection::set_on_gone(std::function<void()> f) {
  if (eof_ && f)
    net::asio::post(strand(), std::move(f));
  else
    answer_.on_gone = std::move(f);
}

} // namespace orc::http
