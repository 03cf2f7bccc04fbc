#include "transport/server/item_stream.hpp"

#include "messages/base/error.hpp"
#include "transport/server/http_errors.hpp"
#include "transport/server/log.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>

#include <utility>

namespace orc::server {

namespace {

/// A name that `clean` and `skipHidden` would leave out of an item.
std::string cursor_line(const item_piece& x) {
  return fmt::format("{{\"#cursor\":\"{}\"{}}}\n", x.cursor,
                     x.is_last ? ",\"#end\":true" : "");
}

} // namespace

item_stream_state::item_stream_state(item_stream_actor::pointer self)
  : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) {
    exchange_->drop();
    leave();
    self_->quit(x.reason);
  });
}

item_stream_actor::behavior_type
item_stream_state::make_behavior(readings_actor readings,
                                 http::exchange_ptr exchange,
                                 read_request request,
                                 item_stream_options options) {
  exchange_ = std::move(exchange);
  options_ = std::move(options);
  // A reader that waits for items writes nothing that would tell.
  auto self = caf::actor_addr{self_->address()};
  exchange_->on_gone([self] {
    if (auto x = caf::actor_cast<caf::actor>(self))
      caf::anon_send(x, piece_written{false});
  });
  open(readings, std::move(request));
  return {[this](piece_written x) { x.ok ? read() : leave(); }};
}

void item_stream_state::open(const readings_actor& readings,
                             read_request request) {
  self_->request(readings, caf::infinite, std::move(request))
    .then(
      [this](const reader_actor& x) {
        reader_ = x;
        read();
      },
      [this](const caf::error& x) { fail(x); });
}

void item_stream_state::read() {
  if (started_ && exchange_->request().method == "HEAD") {
    exchange_->finish();
    return leave();
  }
  self_->request(reader_, caf::infinite, read_next{})
    .then([this](const item_piece& x) { write(x); },
          [this](const caf::error& x) { fail(x); });
}

void item_stream_state::write(const item_piece& piece) {
  start_once();
  std::string text{piece.body.view()};
  if (options_.tells_cursors)
    text += cursor_line(piece);
  if (piece.is_last) {
    exchange_->write(std::move(text), {});
    exchange_->finish();
    return leave();
  }
  // Keeps this actor alive while the client reads.
  auto self = caf::actor_cast<caf::actor>(self_);
  exchange_->write(std::move(text), [self](bool ok) {
    caf::anon_send(self, piece_written{ok});
  });
}

void item_stream_state::start_once() {
  if (!std::exchange(started_, true))
    exchange_->start({200,
                      {{"Content-Type", options_.media_type},
                       {"Cache-Control", "no-store"},
                       // Or nginx keeps items until it has a page of them.
                       {"X-Accel-Buffering", "no"}},
                      {}});
}

void item_stream_state::fail(const caf::error& why) {
  if (started_) {
    log.warn("items-cut", "why=\"{}\"", message_of(why));
    exchange_->drop();
  } else {
    exchange_->reply({http_status_of(why),
                      {{"Content-Type", "application/json; charset=utf-8"}},
                      render_error(why)});
  }
  leave();
}

void item_stream_state::leave() {
  if (reader_)
    caf::anon_send_exit(reader_, caf::exit_reason::user_shutdown);
  self_->quit();
}

item_stream_actor::behavior_type
item_stream(item_stream_actor::stateful_pointer<item_stream_state> self,
            readings_actor readings, http::exchange_ptr exchange,
            read_request request, item_stream_options options) {
  return self->state.make_behavior(std::move(readings), std::move(exchange),
                                   std::move(request), std::move(options));
}

} // namespace orc::server
