// How the BUS BRIDGE tells the bus what the store owes it: a fact leaves the
// store only after a stream of the bus has said that it has it. So each comes
// at least once, and those of one entity in order.

#include "actors/bus/bridge.hpp"
#include "messages/base/fault_point.hpp"
#include "messages/base/log.hpp"

#include <caf/send.hpp>

#include <utility>

namespace orc {

namespace {

constexpr logger log{"bus"};

/// Facts that wait for the store; it takes them all in one step.
constexpr std::size_t most_owed = 10'000;

/// What headers may take of the largest message.
constexpr std::uint64_t header_room = 4'096;

settle_delivery told(std::uint64_t id) {
  settle_delivery result;
  result.id = id;
  result.end = delivery_end::delivered;
  return result;
}

} // namespace

/// Does whatever can be done now; called after all that happens.
void bus_bridge_state::serve_events() {
  if (!status_.has_streams)
    return;
  if (window_.is_hungry())
    load_events();
  while (auto event = window_.next())
    publish(*event);
}

void bus_bridge_state::load_events() {
  window_.loading();
  load_deliveries request;
  request.hook = bus_outbox;
  request.after = window_.last();
  request.limit = event_window::size / 2;
  self_->request(parts_.outbox, caf::infinite, request)
    .then(
      [this](const delivery_page& page) {
        for (auto id : window_.loaded(page)) {
          log.error("event-unreadable", "delivery={}", id);
          caf::anon_send(parts_.outbox, told(id));
        }
        serve_events();
      },
      [this](const caf::error& err) {
        log.error("events-unreadable", "error=\"{}\"", message_of(err));
        window_.load_failed();
      });
}

void bus_bridge_state::publish(const outgoing_event& x) {
  bus_message message;
  message.subject = subjects_.events + x.kind;
  message.headers = {{"Nats-Msg-Id", x.event_id},
                     {"Content-Type", "application/cloudevents+json"}};
  message.data = x.event;
  if (x.event.view().size() + header_room > max_payload_) {
    log.error("event-truncated", "event={} bytes={} most={}", x.event_id,
              x.event.view().size(), max_payload_);
    message.data = without_data(x.event.view());
  }
  ++status_.messages_out;
  self_->request(parts_.link, caf::infinite, publish_bus{std::move(message)})
    .then([this, x](const bus_stored&) { published(x); },
          [this, x](const caf::error& err) {
            // Again with the next tick, or when the bus is back.
            if (status_.has_streams && ++refused_events_ % 100 == 1)
              log.warn("event-refused", "event={} error=\"{}\"", x.event_id,
                       message_of(err));
            window_.failed(x.id);
          });
}

void bus_bridge_state::published(const outgoing_event& x) {
  fault_point("event-published");
  ++status_.events_published;
  window_.done(x.id);
  self_->request(parts_.outbox, caf::infinite, told(x.id))
    .then(
      [](const saved&) {
        // What was told is forgotten.
      },
      [](const caf::error& err) {
        // It is told once more after a restart: at least once.
        log.error("event-unsettled", "error=\"{}\"", message_of(err));
      });
  serve_events();
}

void bus_bridge_state::heard(const task_event& x) {
  fault_point("fact-heard");
  owe(facts_.make(x, ++last_fact_, now()));
}

void bus_bridge_state::owe(owed_event x) {
  if (owed_.size() >= most_owed) {
    log.error("event-lost", "event={} note=\"the store does not keep up\"",
              x.event_id);
    return;
  }
  ++facts_heard_;
  owed_.push_back(std::move(x));
  flush_owed();
}

/// One at a time: so they keep their order, and what comes meanwhile goes
/// together.
void bus_bridge_state::flush_owed() {
  if (owing_ || owed_.empty())
    return;
  owing_ = true;
  auto request = owe_events{std::exchange(owed_, {})};
  self_->request(parts_.store, caf::infinite, request)
    .then(
      [this, count = request.events.size()](const saved&) {
        owing_ = false;
        facts_kept_ += count;
        drop_marks_if_kept();
        flush_owed();
      },
      [this, request](const caf::error& err) {
        log.error("events-unsaved", "error=\"{}\"", message_of(err));
        owing_ = false;
        // With the next tick.
        owed_.insert(owed_.begin(), request.events.begin(),
                     request.events.end());
      });
}

} // namespace orc
