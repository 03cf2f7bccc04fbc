#include "actors/event/events.hpp"

namespace orc {

namespace {

constexpr std::size_t max_remembered = 1000;

/// More than there can be events in a millisecond.
constexpr std::uint64_t ids_per_millisecond = 1000;

/// @returns an id above all that an earlier process gave: a client that comes
///          back after a restart with one of those gets all that happened
///          since.
std::uint64_t first_id() {
  return static_cast<std::uint64_t>(now().millis) * ids_per_millisecond;
}

} // namespace

events_state::events_state(events_actor::pointer self)
  : self_{self}, last_id_{first_id()} {
  self_->set_down_handler([this](const caf::down_msg& x) { forget(x.source); });
}

events_actor::behavior_type events_state::make_behavior() {
  return {
    [this](const publish_event& x) { publish(x); },
    [this](const subscribe_events& x) { subscribe(x); },
  };
}

void events_state::publish(const publish_event& x) {
  auto& event = remembered_.emplace_back(
    run_event{++last_id_, x.kind, now(), x.run, x.note});
  for (const auto& to : subscriptions_)
    pass(to, event);
  if (remembered_.size() > max_remembered)
    remembered_.pop_front();
}

/// A sink that subscribes again changes what it gets.
void events_state::subscribe(const subscribe_events& x) {
  forget(x.sink.address());
  self_->monitor(x.sink);
  const auto& added
    = subscriptions_.emplace_back(subscription{x.sink, x.space});
  if (x.after_id == 0)
    return;
  for (const auto& event : remembered_)
    if (event.id > x.after_id)
      pass(added, event);
}

void events_state::pass(const subscription& to, const run_event& x) {
  if (to.space.empty() || to.space == x.run.space)
    self_->send(to.sink, x);
}

void events_state::forget(const caf::actor_addr& sink) {
  self_->demonitor(sink);
  std::erase_if(subscriptions_, [&](const subscription& x) {
    return x.sink.address() == sink;
  });
}

events_actor::behavior_type
events(events_actor::stateful_pointer<events_state> self) {
  return self->state.make_behavior();
}

} // namespace orc
