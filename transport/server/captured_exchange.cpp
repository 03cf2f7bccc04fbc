#include "transport/server/captured_exchange.hpp"

#include "transport/server/http_errors.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc::server {

namespace {

http::response error_answer(int status, std::string_view message) {
  return {status,
          {{"Content-Type", "application/json; charset=utf-8"}},
          render_status(status, message)};
}

} // namespace

captured_exchange::captured_exchange(http::request request, std::size_t most,
                                     taker take)
  : request_{std::move(request)}, most_{most}, take_{std::move(take)} {
  // nop
}

captured_exchange::~captured_exchange() {
  give(error_answer(500, "the request was given up; this is an error of the "
                         "service"));
}

const http::request& captured_exchange::request() const noexcept {
  return request_;
}

std::string captured_exchange::take_body() {
  return std::exchange(request_.body, {});
}

void captured_exchange::reply(http::response response) {
  if (response.body.size() > most_)
    return give(too_long());
  give(std::move(response));
}

void captured_exchange::start(http::response head) {
  std::lock_guard guard{mutex_};
  started_ = std::move(head);
}

void captured_exchange::write(std::string piece,
                              std::function<void(bool)> on_written) {
  auto fits = false;
  std::function<void()> gone;
  {
    std::lock_guard guard{mutex_};
    if (started_ && take_) {
      started_->body += piece;
      fits = started_->body.size() <= most_;
      if (!fits)
        gone = std::exchange(gone_, {});
    }
  }
  if (!fits)
    give(too_long());
  if (gone)
    gone();
  if (on_written)
    on_written(fits);
}

void captured_exchange::finish() {
  std::optional<http::response> whole;
  {
    std::lock_guard guard{mutex_};
    whole = std::exchange(started_, std::nullopt);
  }
  if (whole)
    give(std::move(*whole));
}

void captured_exchange::drop() {
  give(error_answer(503, "the service is stopping, or the answer was cut off: "
                         "ask again"));
}

void captured_exchange::upgrade(http::websocket_callbacks) {
  give(error_answer(400, "there are no WebSockets here"));
}

bool captured_exchange::is_upgrade() const noexcept {
  return false;
}

void captured_exchange::on_gone(std::function<void()> f) {
  std::lock_guard guard{mutex_};
  gone_ = std::move(f);
}

void captured_exchange::give(http::response response) {
  taker take;
  {
    std::lock_guard guard{mutex_};
    take = std::exchange(take_, {});
  }
  if (take)
    take(std::move(response));
}

http::response captured_exchange::too_long() const {
  return error_answer(413,
                      fmt::format("the answer has more than the {} bytes that "
                                  "a message may have: ask for less, with "
                                  "`limit` and `cursor` or `offset`, or use "
                                  "HTTP",
                                  most_));
}

} // namespace orc::server
