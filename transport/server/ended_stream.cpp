#include "transport/server/ended_stream.hpp"

#include "messages/json/json.hpp"

#include <chrono>
#include <utility>

namespace orc::server {

namespace {

constexpr std::size_t max_unwritten_bytes = std::size_t{32} << 20;

/// The next page is asked for once less than that waits.
constexpr std::size_t unwritten_bytes_to_go_on = std::size_t{4} << 20;

constexpr std::uint32_t page_size = 1000;

/// The store answers at once; this only catches its death.
constexpr std::chrono::minutes list_timeout{2};

} // namespace

ended_stream_state::ended_stream_state(ended_stream_actor::pointer self)
  : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) {
    out_.drop();
    self_->quit(x.reason);
  });
}

ended_stream_actor::behavior_type
ended_stream_state::make_behavior(http::exchange_ptr exchange,
                                  orchestrator_actor orchestrator,
                                  events_actor events, run_ref batch) {
  batch_ = std::move(batch);
  auto head = http::response{200,
                             {{"Content-Type", "application/x-ndjson"},
                              {"Cache-Control", "no-store"},
                              {"X-Accel-Buffering", "no"}},
                             {}};
  out_ = bounded_output{std::move(exchange), self_->address(), std::move(head),
                        max_unwritten_bytes, "ended-stream-cut"};
  // First, so that nothing that ends while we list is missed.
  self_->send(events, subscribe_events{caf::actor_cast<event_sink>(self_),
                                       batch_.space, 0});
  orchestrator_ = std::move(orchestrator);
  list_more();
  return {
    [this](const run_event& x) { hear(x); },
    [this](const events_written& x) {
      out_.settle(x) ? list_more() : self_->quit();
    },
  };
}

void ended_stream_state::list_more() {
  if (!cursor_ || out_.unwritten() > unwritten_bytes_to_go_on)
    return;
  list_runs question;
  question.space = batch_.space;
  question.batch = batch_.name;
  question.limit = page_size;
  question.cursor = *std::exchange(cursor_, std::nullopt);
  self_->request(orchestrator_, list_timeout, std::move(question))
    .then([this](const run_page& page) { take(page); },
          [this](const caf::error&) {
            out_.drop();
            self_->quit();
          });
}

void ended_stream_state::take(const run_page& page) {
  for (const auto& x : page.items)
    see(x);
  cursor_ = page.next_cursor;
  listed_ = !cursor_;
  listed_ ? finish_if_done() : list_more();
}

void ended_stream_state::hear(const run_event& x) {
  if (x.run.batch != batch_.name)
    return;
  // One that was submitted again ends again.
  if (!is_final(x.run.state))
    sent_.erase(x.run.name);
  see(x.run);
  finish_if_done();
}

void ended_stream_state::see(const run& x) {
  if (!is_final(x.state)) {
    // A page may be older than what we heard.
    if (!sent_.contains(x.name))
      open_.insert(x.name);
    return;
  }
  open_.erase(x.name);
  if (sent_.insert(x.name).second)
    write(to_json(x) + "\n");
}

void ended_stream_state::finish_if_done() {
  if (!listed_ || !open_.empty())
    return;
  out_.finish();
  self_->quit();
}

void ended_stream_state::write(std::string text) {
  if (!out_.write(std::move(text)))
    self_->quit();
}

ended_stream_actor::behavior_type
ended_stream(ended_stream_actor::stateful_pointer<ended_stream_state> self,
             http::exchange_ptr exchange, orchestrator_actor orchestrator,
             events_actor events, run_ref batch) {
  return self->state.make_behavior(std::move(exchange), std::move(orchestrator),
                                   std::move(events), std::move(batch));
}

} // namespace orc::server
