// How the BUS BRIDGE misses no fact about a task or an operator. TASKS tells
// facts after they are durable, and the bridge writes what it hears into its
// outbox, which is in another database: what dies in between has left a mark in
// the first one.
//
//     step + mark --told--> heard --owed in the outbox--> mark dropped
//
// A mark goes only after a question to OPERATORS, and then one to TASKS, that
// were asked later than it was written are answered, since what was told before
// is heard by then, and after all that was heard is in the outbox.

#include "actors/bus/bridge.hpp"
#include "messages/base/log.hpp"

#include <utility>

namespace orc {

namespace {

constexpr logger log{"bus"};

} // namespace

/// What is marked now was told to the process before, or to nobody.
void bus_bridge_state::take_up_marks() {
  if (!parts_.marks)
    return;
  self_->request(parts_.marks, caf::infinite, follow_marks{true})
    .then([](const saved&) {},
          [](const caf::error& err) {
            log.error("marks-unsaved", "error=\"{}\"", message_of(err));
          });
  self_->request(parts_.marks, caf::infinite, load_marks{})
    .then(
      [this](const task_marks& found) {
        for (const auto& x : found.facts)
          owe(facts_.make(x, ++last_fact_, now()));
        if (!found.facts.empty())
          log.info("facts-recovered", "count={}", found.facts.size());
      },
      [](const caf::error& err) {
        log.error("marks-unreadable", "error=\"{}\"", message_of(err));
      });
}

/// One round at a time; called with every tick.
void bus_bridge_state::settle_marks() {
  if (!parts_.marks || std::exchange(settling_marks_, true))
    return;
  self_->request(parts_.marks, caf::infinite, get_last_mark{})
    .then(
      [this](const last_mark& x) {
        if (x.number == 0)
          settling_marks_ = false;
        else
          hear_operators(x.number);
      },
      [this](const caf::error&) { settling_marks_ = false; });
}

/// OPERATORS tell TASKS of what the store has answered, and then us.
void bus_bridge_state::hear_operators(std::uint64_t mark) {
  if (!parts_.operators)
    return hear_until(mark);
  self_->request(parts_.operators, caf::infinite, get_operators{{}, 1})
    .then([this, mark](const task_operators&) { hear_until(mark); },
          [this](const caf::error&) { settling_marks_ = false; });
}

void bus_bridge_state::hear_until(std::uint64_t mark) {
  self_->request(parts_.tasks, caf::infinite, get_task_limits{})
    .then(
      [this, mark](const limit_standings&) {
        heard_mark_ = mark;
        heard_facts_ = facts_heard_;
        drop_marks_if_kept();
      },
      [this](const caf::error&) { settling_marks_ = false; });
}

void bus_bridge_state::drop_marks_if_kept() {
  if (heard_mark_ == 0 || facts_kept_ < heard_facts_)
    return;
  self_
    ->request(parts_.marks, caf::infinite,
              drop_marks{std::exchange(heard_mark_, 0)})
    .then([this](const saved&) { settling_marks_ = false; },
          [this](const caf::error&) { settling_marks_ = false; });
}

} // namespace orc
