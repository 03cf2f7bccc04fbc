#include "actors/history/history.hpp"

#include "messages/base/log.hpp"

#include <utility>

namespace orc {

namespace {

constexpr logger log{"history"};

/// Samples are saved together, this often.
constexpr std::chrono::seconds save_every{1};

run_target target_of(const run& x) {
  if (x.task)
    return {*x.task, true};
  return {x.actor.value_or(""), false};
}

} // namespace

history_state::history_state(history_self::pointer self) : self_{self} {
  // nop
}

history_self::behavior_type
history_state::make_behavior(sample_store_actor store, events_actor events,
                             std::chrono::milliseconds patience) {
  store_ = std::move(store);
  patience_ = patience;
  self_->send(events, subscribe_events{self_, {}, 0});
  self_->request(store_, caf::infinite, load_samples{})
    .then(
      [this](const kept_samples& x) {
        for (const auto& sample : x.samples)
          samples_.add(sample);
      },
      [](const caf::error& err) {
        // Estimates are worse then, nothing else.
        log.warn("samples-unreadable", "error=\"{}\"", message_of(err));
      });
  self_->delayed_send(self_, save_every, keep_samples{});
  return {
    [this](const get_target_history& x) { return samples_.of(x.target); },
    [this](const run_event& x) { on_event(x); },
    [this](keep_samples) { keep_due(); },
  };
}

void history_state::on_event(const run_event& x) {
  auto settled = x.kind == event_kind::settled;
  if (!settled && x.kind != event_kind::ended && x.kind != event_kind::queued)
    return;
  for (const auto& attempt : x.run.attempts)
    if (attempt.run_id && attempt.started_at && attempt.finished_at
        && (settled || attempt.number == x.run.attempts.back().number))
      learn(x.run, attempt, settled);
}

void history_state::learn(const run& of, const attempt& x, bool is_final_cost) {
  auto known = waiting_.contains(*x.run_id);
  if (is_final_cost && !known)
    return;
  target_sample sample;
  sample.target = target_of(of);
  sample.memory = x.memory;
  sample.secs
    = static_cast<double>((*x.finished_at - *x.started_at).count()) / 1000;
  sample.usd = x.usage_total_usd;
  sample.at = *x.finished_at;
  if (is_final_cost && sample.usd)
    return keep(*x.run_id, std::move(sample));
  waiting_.insert_or_assign(*x.run_id, std::move(sample));
  if (!known)
    due_.emplace_back(now() + patience_, *x.run_id);
}

void history_state::keep(std::string run_id, target_sample x) {
  waiting_.erase(run_id);
  samples_.add(x);
  unsaved_.samples.push_back(std::move(x));
}

void history_state::keep_due() {
  for (; !due_.empty() && due_.front().first <= now(); due_.pop_front())
    if (auto i = waiting_.find(due_.front().second); i != waiting_.end())
      keep(i->first, i->second);
  save();
  self_->delayed_send(self_, save_every, keep_samples{});
}

void history_state::save() {
  if (unsaved_.samples.empty())
    return;
  self_->request(store_, caf::infinite, std::exchange(unsaved_, {}))
    .then([](const saved&) {},
          [](const caf::error& err) {
            log.warn("samples-lost", "error=\"{}\"", message_of(err));
          });
}

history_self::behavior_type
history(history_self::stateful_pointer<history_state> self,
        sample_store_actor store, events_actor events,
        std::chrono::milliseconds patience) {
  return self->state.make_behavior(std::move(store), std::move(events),
                                   patience);
}

} // namespace orc
