// How the BUDGETS recover, make durable and tell others.

#include "actors/budget/budgets.hpp"
#include "actors/budget/log.hpp"
#include "messages/base/fault_point.hpp"

#include <utility>

namespace orc {

namespace {

/// Pause before what could not be saved is saved again.
constexpr std::chrono::seconds save_pause{1};

bool changes_nothing(const save_ledger& x) {
  return x.put.empty() && x.removed.empty() && x.spent.empty()
         && x.budgets.empty() && x.facts.empty();
}

event_kind kind_of(const ledger_notice& x) {
  return x.what == ledger_notice::kind::warned ? event_kind::budget_warned
                                               : event_kind::budget_reached;
}

} // namespace

// -- recovery -----------------------------------------------------------------

void budgets_state::recover() {
  self_->request(parts_.ledger, caf::infinite, load_ledger{})
    .then(
      [this](const stored_ledger& x) {
        define_all(x);
        ledger_.restore(x);
        for (const auto& key : ledger_.charges()) {
          ++unchecked_;
          check(key);
        }
        checked();
      },
      [this](const caf::error& err) {
        // Without its memory it would let others spend twice.
        log.error("recovery-failed", "error=\"{}\"", message_of(err));
        self_->quit(err);
      });
}

/// What was set while the service ran holds until the configuration changes.
void budgets_state::define_all(const stored_ledger& x) {
  for (const auto& budget : config_.budgets)
    ledger_.define(budget);
  for (const auto& budget : x.budgets)
    if (budget.configured == configured(budget.settings.name))
      ledger_.define(budget.settings);
}

std::optional<budget_settings>
budgets_state::configured(const std::string& budget) const {
  for (const auto& x : config_.budgets)
    if (x.name == budget)
      return x;
  return std::nullopt;
}

void budgets_state::check(const charge_key& key) {
  self_->request(parts_.runs, caf::infinite, load_run{key.run})
    .then(
      [this, key](const loaded_run& x) {
        check(key, x.record);
        checked();
      },
      [this, key](const caf::error& err) {
        // Pruned: its cost will never be known.
        if (code_of(err) == ec::unknown_run)
          ledger_.write_off(key);
        else
          ledger_.ended(key, std::nullopt, time());
        checked();
      });
}

/// Tells the ledger what became of an attempt while nobody listened.
void budgets_state::check(const charge_key& key, const run_record& record) {
  for (const auto& attempt : record.view.attempts) {
    if (attempt.number != key.attempt)
      continue;
    if (attempt.finished_at || is_final(record.view.state))
      note_end(key, record.view);
    if (ledger_.assumes(key) && attempt.usage_total_usd && !record.unsettled)
      ledger_.settle(key, *attempt.usage_total_usd);
    return;
  }
  ledger_.release(key);
}

void budgets_state::checked() {
  if (--unchecked_ > 0)
    return;
  for (auto& f : std::exchange(postponed_, {}))
    f();
  save({}, nullptr);
}

void budgets_state::when_ready(std::function<void()> f) {
  if (unchecked_ == 0)
    f();
  else
    postponed_.push_back(std::move(f));
}

// -- making durable -----------------------------------------------------------

void budgets_state::save(std::function<void()> then, const run* cause) {
  ledger_.look(time());
  for (const auto& x : ledger_.take_notices())
    tell(x, cause);
  if (then)
    after_save_.push_back(std::move(then));
  flush();
  set_timer();
}

/// One change at a time, so that none overtakes an earlier one.
void budgets_state::flush() {
  if (saving_)
    return;
  auto answers = std::exchange(after_save_, {});
  in_flight_ = ledger_.take_changes();
  in_flight_.budgets = std::exchange(set_, {});
  in_flight_.facts = std::exchange(facts_, {});
  if (changes_nothing(in_flight_)) {
    for (auto& f : answers)
      f();
    return;
  }
  saving_ = true;
  answering_ = std::move(answers);
  send_changes();
}

void budgets_state::send_changes() {
  fault_point("ledger-saving");
  self_->request(parts_.ledger, caf::infinite, in_flight_)
    .then(
      [this](const saved&) {
        fault_point("ledger-saved");
        if (!in_flight_.facts.empty())
          fault_point("facts-saved");
        // The bus is owed them by the store.
        for (const auto& x : in_flight_.facts)
          self_->send(parts_.events, x);
        saving_ = false;
        for (auto& f : std::exchange(answering_, {}))
          f();
        flush();
      },
      [this](const caf::error& err) {
        log.error("save-failed", "error=\"{}\"", message_of(err));
        self_->delayed_send(self_, save_pause, wake_budgets{true});
      });
}

// -- telling others -----------------------------------------------------------

void budgets_state::tell(const ledger_notice& x, const run* cause) {
  using kind = ledger_notice::kind;
  if (x.what == kind::opened)
    return open(x.budget);
  if (x.what == kind::spent)
    return abort_all(x.budget);
  auto event = kind_of(x);
  log.warn(name_of(event), "{}", x.text);
  if (cause != nullptr)
    facts_.push_back({event, *cause, x.text});
}

void budgets_state::open(const std::string& budget) {
  auto waiting = waiters_.extract(budget);
  if (waiting.empty())
    return;
  ++openings_;
  for (const auto& account : waiting.mapped())
    self_->send(account, budget_opened{budget, openings_});
}

void budgets_state::abort_all(const std::string& budget) {
  const auto* settings = ledger_.find(budget);
  if (settings == nullptr || settings->on_reached != budget_action::abort)
    return;
  for (const auto& key : ledger_.live_on(budget)) {
    auto node = accounts_.extract(key);
    if (node.empty())
      continue;
    log.warn("budget-aborts", "budget={} run={}", budget, key.run);
    caf::anon_send(node.mapped(), abort_run{key.run, true});
  }
}

// -- time ---------------------------------------------------------------------

void budgets_state::wake(const wake_budgets& x) {
  if (x.save)
    return send_changes();
  if (timer_ && *timer_ <= time())
    timer_.reset();
  auto settled = ledger_.settle_overdue(time());
  if (settled.empty())
    return save({}, nullptr);
  // What is told of a budget is told of a run.
  self_->request(parts_.runs, caf::infinite, load_run{settled.back().run})
    .then([this](const loaded_run& y) { save({}, &y.record.view); },
          [this](const caf::error&) { save({}, nullptr); });
}

void budgets_state::set_timer() {
  auto next = ledger_.next_due(time());
  if (!next || (timer_ && *timer_ <= *next))
    return;
  timer_ = next;
  auto wait = std::max(*next - time(), std::chrono::milliseconds{1});
  self_->delayed_send(self_, wait, wake_budgets{false});
}

timestamp budgets_state::time() const {
  auto passed = self_->clock().now() - clock_start_;
  return wall_start_
         + std::chrono::duration_cast<std::chrono::milliseconds>(passed);
}

} // namespace orc
