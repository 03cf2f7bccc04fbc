#include "transport/server/item_stream.hpp"

#include "messages/base/log.hpp"
#include "transport/server/http_errors.hpp"

#include <caf/send.hpp>

#include <chrono>
#include <utility>

namespace orc::server {

namespace {

constexpr logger log{"http-api"};

/// The APIFY API repeats in the meantime.
constexpr std::chrono::minutes page_timeout{5};

} // namespace

item_stream_state::item_stream_state(item_stream_actor::pointer self)
  : self_{self} {
  // nop
}

item_stream_actor::behavior_type
item_stream_state::make_behavior(orchestrator_actor orchestrator,
                                 http::exchange_ptr exchange, run_ref ref,
                                 item_pages pages) {
  orchestrator_ = std::move(orchestrator);
  exchange_ = std::move(exchange);
  ref_ = std::move(ref);
  pages_ = std::move(pages);
  read();
  return {[this](page_written x) { x.ok ? read() : self_->quit(); }};
}

void item_stream_state::read() {
  auto page = pages_.next();
  if (!page || (started_ && exchange_->request().method == "HEAD"))
    return finish();
  self_->request(orchestrator_, page_timeout, read_items{ref_, *page})
    .then([this](const items_page& x) { write(x); },
          [this](const caf::error& x) { fail(x); });
}

void item_stream_state::write(const items_page& page) {
  auto piece = pages_.accept(page);
  if (!piece)
    return fail(piece.error());
  start_once();
  // Keeps this actor alive while the client reads.
  auto self = caf::actor_cast<caf::actor>(self_);
  exchange_->write(std::move(*piece),
                   [self](bool ok) { caf::anon_send(self, page_written{ok}); });
}

void item_stream_state::start_once() {
  if (!std::exchange(started_, true))
    exchange_->start({200,
                      {{"Content-Type", std::string{pages_.media_type()}},
                       {"Cache-Control", "no-store"}},
                      {}});
}

void item_stream_state::finish() {
  start_once();
  exchange_->write(pages_.finish(), {});
  exchange_->finish();
  self_->quit();
}

void item_stream_state::fail(const caf::error& why) {
  if (started_) {
    log.warn("items-cut", "run={} why=\"{}\"", ref_.name, message_of(why));
    exchange_->drop();
  } else {
    exchange_->reply({http_status_of(why),
                      {{"Content-Type", "application/json; charset=utf-8"}},
                      render_error(why)});
  }
  self_->quit();
}

item_stream_actor::behavior_type
item_stream(item_stream_actor::stateful_pointer<item_stream_state> self,
            orchestrator_actor orchestrator, http::exchange_ptr exchange,
            run_ref ref, item_pages pages) {
  return self->state.make_behavior(std::move(orchestrator), std::move(exchange),
                                   std::move(ref), std::move(pages));
}

} // namespace orc::server
