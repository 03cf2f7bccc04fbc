#include "transport/server/event_stream.hpp"

#include "messages/base/log.hpp"
#include "messages/json/json.hpp"

#include <caf/send.hpp>

#include <utility>

namespace orc::server {

namespace {

constexpr logger log{"http-api"};

/// Thousands of events: a client that is so far behind does not read.
constexpr std::size_t max_unwritten_bytes = std::size_t{8} << 20;

} // namespace

event_stream_state::event_stream_state(event_stream_actor::pointer self)
  : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) {
    exchange_->finish();
    self_->quit(x.reason);
  });
}

event_stream_actor::behavior_type
event_stream_state::make_behavior(http::exchange_ptr exchange,
                                  std::chrono::milliseconds beat) {
  exchange_ = std::move(exchange);
  beat_ = beat;
  auto self = caf::actor_addr{self_->address()};
  exchange_->on_gone([self] {
    if (auto x = caf::actor_cast<caf::actor>(self))
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  });
  exchange_->start({200,
                    {{"Content-Type", "text/event-stream"},
                     {"Cache-Control", "no-store"},
                     // Or nginx keeps events until it has a page of them.
                     {"X-Accel-Buffering", "no"}},
                    {}});
  write("retry: 1000\n\n");
  plan_heartbeat();
  return {
    [this](const run_event& x) { send(x); },
    [this](const events_written& x) { settle(x); },
    [this](heartbeat_due) {
      write(": alive\n\n");
      plan_heartbeat();
    },
  };
}

void event_stream_state::send(const run_event& x) {
  write(fmt::format("id: {}\nevent: {}\ndata: {}\n\n", x.id, name_of(x.kind),
                    to_json(x)));
}

void event_stream_state::write(std::string text) {
  auto size = text.size();
  unwritten_ += size;
  if (unwritten_ > max_unwritten_bytes) {
    log.warn("event-stream-cut", "client={} bytes={}",
             exchange_->request().remote_address, unwritten_);
    exchange_->drop();
    return self_->quit();
  }
  auto self = caf::actor_addr{self_->address()};
  exchange_->write(std::move(text), [self, size](bool ok) {
    if (auto x = caf::actor_cast<caf::actor>(self))
      caf::anon_send(x, events_written{size, ok});
  });
}

void event_stream_state::plan_heartbeat() {
  self_->delayed_send(caf::actor_cast<event_stream_actor>(self_), beat_,
                      heartbeat_due{});
}

void event_stream_state::settle(const events_written& x) {
  unwritten_ -= x.bytes;
  if (!x.ok)
    self_->quit();
}

event_stream_actor::behavior_type
event_stream(event_stream_actor::stateful_pointer<event_stream_state> self,
             http::exchange_ptr exchange, std::chrono::milliseconds beat) {
  return self->state.make_behavior(std::move(exchange), beat);
}

} // namespace orc::server
