// What BUS LINK hears and says over its connection, and what it keeps while
// there is none.

#include "messages/base/log.hpp"
#include "transport/bus/link.hpp"
#include "transport/bus/link_rules.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc::bus {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"bus"};

/// What may wait for the bus while it is away, in bytes. Nothing of it is lost
/// for good: who misses an answer asks again, and commands come again.
constexpr std::size_t most_kept = 4 << 20;

/// What is said when the process ends has so long to go out.
constexpr auto last_patience = 500ms;

} // namespace

void link_state::take(const link_news& x) {
  auto is_current = x.connection == connection_id_;
  if (is_current)
    heard_ = clock::now();
  // What is asked of us counts even if it came over a connection that is gone.
  if (x.channel == channel::commands || x.channel == channel::service)
    self_->send(sink_, bus_request{x.message});
  else if (x.channel == channel::pulls)
    pulled(x.message);
  else if (is_current)
    take_answer(x.message);
}

void link_state::take_answer(const bus_message& x) {
  auto [kind, id] = read_inbox(x.subject);
  if (kind == 's')
    stream_made(x);
  else if (kind == 'a')
    published(id, x);
}

void link_state::send(bus_message x) {
  if (up_)
    send_now(x);
  else
    keep(std::move(x));
}

void link_state::send_now(const bus_message& x) {
  if (auto err = connection_->publish(x))
    log.warn("bus-message-lost", "subject={} error=\"{}\"", x.subject,
             message_of(err));
}

/// Keeps a message until the bus is back; the oldest give way.
void link_state::keep(bus_message x) {
  kept_bytes_ += x.data.view().size();
  kept_.push_back(std::move(x));
  while (kept_bytes_ > most_kept) {
    log.warn("bus-message-lost", "subject={} error=\"the bus is away\"",
             kept_.front().subject);
    kept_bytes_ -= kept_.front().data.view().size();
    kept_.pop_front();
  }
}

caf::result<bus_stored> link_state::publish(const publish_bus& x) {
  if (!up_ || !has_streams_)
    return make_error(ec::not_sent, "the bus is down, or has no streams");
  auto id = ++last_id_;
  auto message = x.message;
  message.reply = inbox('a', id);
  if (auto err = connection_->publish(message))
    return err;
  auto promise = self_->make_response_promise<bus_stored>();
  publications_.add(id, promise, clock::now() + publish_patience);
  return promise;
}

void link_state::published(std::uint64_t id, const bus_message& x) {
  auto promise = publications_.take(id);
  if (!promise)
    return;
  auto answer = read_stream_answer(x);
  // Somebody has removed the stream: it is made anew.
  if (answer.error_code == 503)
    has_streams_ = false;
  if (answer.error_code != 0)
    promise->deliver(make_error(ec::api_refused, answer.error));
  else
    promise->deliver(
      bus_stored{answer.stream, answer.sequence, answer.duplicate});
}

bus_flushed link_state::flush() {
  if (auto err = up_ ? connection_->flush(last_patience) : caf::error{})
    log.warn("bus-not-flushed", "error=\"{}\"", message_of(err));
  return {};
}

std::string link_state::inbox(char kind, std::uint64_t id) const {
  return fmt::format("{}.{}{}", inbox_, kind, id);
}

} // namespace orc::bus
