#include "transport/server/event_stream.hpp"

#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc::server {

namespace {

/// Thousands of events: a client that is so far behind does not read.
constexpr std::size_t max_unwritten_bytes = std::size_t{8} << 20;

} // namespace

event_stream_state::event_stream_state(event_stream_actor::pointer self)
  : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) {
    out_.finish();
    self_->quit(x.reason);
  });
}

event_stream_actor::behavior_type
event_stream_state::make_behavior(http::exchange_ptr exchange,
                                  std::chrono::milliseconds beat) {
  beat_ = beat;
  auto head = http::response{200,
                             {{"Content-Type", "text/event-stream"},
                              {"Cache-Control", "no-store"},
                              // Or nginx keeps events until it has a page.
                              {"X-Accel-Buffering", "no"}},
                             {}};
  out_ = bounded_output{std::move(exchange), self_->address(), std::move(head),
                        max_unwritten_bytes, "event-stream-cut"};
  write("retry: 1000\n\n");
  plan_heartbeat();
  return {
    [this](const run_event& x) { send(x); },
    [this](const events_written& x) {
      if (!out_.settle(x))
        self_->quit();
    },
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
  if (!out_.write(std::move(text)))
    self_->quit();
}

void event_stream_state::plan_heartbeat() {
  self_->delayed_send(caf::actor_cast<event_stream_actor>(self_), beat_,
                      heartbeat_due{});
}

event_stream_actor::behavior_type
event_stream(event_stream_actor::stateful_pointer<event_stream_state> self,
             http::exchange_ptr exchange, std::chrono::milliseconds beat) {
  return self->state.make_behavior(std::move(exchange), beat);
}

} // namespace orc::server
