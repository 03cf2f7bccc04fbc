#include "actors/budget/budgets.hpp"

#include "actors/budget/log.hpp"
#include "messages/base/fault_point.hpp"
#include "messages/validate_budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

/// The history answers at once; this only catches its death.
constexpr std::chrono::seconds history_timeout{10};

run_scope scope_of(const run& x) {
  return {x.account, x.space, x.batch.value_or("")};
}

/// @returns what is left of the run's own budget. What an attempt cost that
/// nobody knows was at most what was kept for it.
std::optional<double> left_of(const run& x) {
  if (!x.budget_usd)
    return std::nullopt;
  auto left = *x.budget_usd;
  for (const auto& attempt : x.attempts)
    left -= attempt.usage_total_usd.value_or(attempt.reserved_usd.value_or(0));
  return left;
}

std::string month_budget(const std::string& account) {
  return fmt::format("month of account {}", account);
}

/// @returns `known` with what the change says.
budget_settings apply(const set_budget& x, budget_settings known) {
  known.name = x.name;
  known.cap_usd = x.cap_usd.value_or(known.cap_usd);
  known.account = x.account ? x.account : known.account;
  known.space = x.space ? x.space : known.space;
  known.batch = x.batch ? x.batch : known.batch;
  known.period = x.period.value_or(known.period);
  known.on_reached = x.on_reached.value_or(known.on_reached);
  known.warn_at = x.warn_at.value_or(known.warn_at);
  known.assume_usd = x.assume_usd.value_or(known.assume_usd);
  return known;
}

/// @returns what is known of the attempt; nothing of one that is yet to begin.
attempt attempt_of(const run& x, const charge_key& key) {
  for (const auto& attempt : x.attempts)
    if (attempt.number == key.attempt)
      return attempt;
  return {};
}

/// @returns what an attempt has cost before it was resurrected.
double base_of(const run& x, const charge_key& key) {
  return attempt_of(x, key).usage_total_usd.value_or(0);
}

} // namespace

budgets_state::budgets_state(budgets_self::pointer self)
  : self_{self}, wall_start_{now()}, clock_start_{self->clock().now()} {
  // nop
}

budgets_self::behavior_type
budgets_state::make_behavior(budgets_config config, budgets_parts parts) {
  config_ = std::move(config);
  parts_ = std::move(parts);
  ledger_ = ledger{config_.settle_after};
  self_->send(parts_.events, subscribe_events{self_, {}, 0});
  recover();
  return {
    [this](const reserve_budget& x) { return reserve(x); },
    [this](const release_budget& x) { release(x.key); },
    [this](const settle_budget& x) { settle(x); },
    [this](const attach_budget& x) { attach(x); },
    [this](const account_month& x) { see_month(x); },
    [this](const set_budget& x) { return set(x); },
    [this](get_budgets) { return budget_views{ledger_.views(time())}; },
    [this](const change_budgets& x) { return reconfigure(x); },
    [this](const run_event& x) { on_event(x); },
    [this](const wake_budgets& x) { wake(x); },
  };
}

// -- before a start -----------------------------------------------------------

caf::result<budget_answer> budgets_state::reserve(const reserve_budget& x) {
  auto promise = self_->make_response_promise<budget_answer>();
  when_ready([this, x, promise]() mutable {
    if (auto problem = month_problem(x)) {
      promise.deliver(*problem);
      return;
    }
    if (x.run.budget_usd || ledger_.counts(scope_of(x.run)))
      ask_history(x, promise);
    else
      promise.deliver(budget_answer{});
  });
  return promise;
}

void budgets_state::ask_history(const reserve_budget& x,
                                answer_promise promise) {
  if (x.cap_usd)
    return decide(x, std::nullopt, std::move(promise));
  self_->request(parts_.history, history_timeout, get_target_history{x.target})
    .then(
      [this, x, promise](const target_history& y) {
        auto known = y.priced_runs > 0;
        decide(x, known ? std::optional{y.p90_usd} : std::nullopt, promise);
      },
      [this, x, promise](const caf::error&) {
        decide(x, std::nullopt, promise);
      });
}

void budgets_state::decide(const reserve_budget& x,
                           std::optional<double> estimate,
                           answer_promise promise) {
  claim wanted;
  wanted.key = x.key;
  wanted.scope = scope_of(x.run);
  wanted.cap_usd = x.cap_usd;
  wanted.estimate_usd = estimate;
  wanted.run_left_usd = left_of(x.run);
  wanted.base_usd = base_of(x.run, x.key);
  auto answer = ledger_.reserve(wanted, time());
  answer.openings = openings_;
  if (answer.short_of.empty())
    accounts_.insert_or_assign(x.key, x.account);
  else if (!answer.refused)
    waiters_[answer.short_of].insert(x.account);
  save(
    [promise, answer]() mutable {
      fault_point("reserved");
      promise.deliver(std::move(answer));
    },
    &x.run);
}

/// The platform's own monthly limit is a budget, too.
std::optional<budget_answer>
budgets_state::month_problem(const reserve_budget& x) {
  auto i = months_.find(x.run.account);
  if (i == months_.end())
    return std::nullopt;
  const auto& month = i->second;
  auto left = month.limit_usd - month.used_usd;
  if (left > 0 && left >= x.cap_usd.value_or(0))
    return std::nullopt;
  budget_answer result;
  result.short_of = month_budget(month.account);
  result.reason
    = fmt::format("account {} has {} USD left of its {} USD a month",
                  month.account, print_amount(std::max(left, 0.0)),
                  print_amount(month.limit_usd));
  result.alone = left > 0;
  result.openings = openings_;
  waiters_[result.short_of].insert(x.account);
  return result;
}

// -- after a start ------------------------------------------------------------

void budgets_state::release(const charge_key& x) {
  when_ready([this, x] {
    accounts_.erase(x);
    ledger_.release(x);
    save({}, nullptr);
  });
}

void budgets_state::settle(const settle_budget& x) {
  when_ready([this, x] {
    accounts_.erase(x.key);
    note_end(x.key, x.run);
    save({}, &x.run);
  });
}

void budgets_state::note_end(const charge_key& key, const run& x) {
  for (const auto& attempt : x.attempts) {
    if (attempt.number != key.attempt || !ledger_.holds(key))
      continue;
    ledger_.ended(key, attempt.usage_total_usd, time());
    if (attempt.run_id)
      ended_.insert_or_assign(*attempt.run_id, key);
  }
}

void budgets_state::attach(const attach_budget& x) {
  when_ready([this, x] {
    auto attempt = attempt_of(x.run, x.key);
    // Only one that was resurrected can have been taken for ended.
    if (!ledger_.holds(x.key) && attempt.resurrections == 0)
      return;
    claim lives;
    lives.key = x.key;
    lives.scope = scope_of(x.run);
    lives.base_usd = attempt.usage_total_usd.value_or(0);
    ledger_.revive(lives, attempt.reserved_usd.value_or(0), time());
    accounts_.insert_or_assign(x.key, x.account);
    save({}, nullptr);
  });
}

void budgets_state::on_event(const run_event& x) {
  if (x.kind == event_kind::settled)
    when_ready([this, run = x.run] { note_costs(run); });
}

/// Costs that are known for good. The platform could not be asked about those
/// that are missing: they may come later.
void budgets_state::note_costs(const run& x) {
  auto any = false;
  for (const auto& attempt : x.attempts) {
    auto i = ended_.find(attempt.run_id.value_or(""));
    if (i == ended_.end() || !attempt.usage_total_usd)
      continue;
    ledger_.settle(i->second, *attempt.usage_total_usd);
    ended_.erase(i);
    any = true;
  }
  if (any)
    save({}, &x);
}

void budgets_state::see_month(const account_month& x) {
  auto& known = months_[x.account];
  auto more = x.limit_usd - x.used_usd > known.limit_usd - known.used_usd;
  known = x;
  if (more)
    open(month_budget(x.account));
}

// -- budgets ------------------------------------------------------------------

caf::result<budget_view> budgets_state::set(const set_budget& x) {
  auto promise = self_->make_response_promise<budget_view>();
  when_ready([this, x, promise]() mutable {
    if (auto problem = change(x)) {
      promise.deliver(std::move(problem));
      return;
    }
    save([this, promise,
          name = x.name]() mutable { promise.deliver(view_of(name)); },
         nullptr);
  });
  return promise;
}

caf::error budgets_state::change(const set_budget& x) {
  const auto* known = ledger_.find(x.name);
  if (!known && !x.cap_usd)
    return make_error(ec::bad_field,
                      "capUsd: is missing; a new budget needs it");
  auto changed = apply(x, known ? *known : budget_settings{});
  if (auto problem = validate(changed, ""))
    return problem;
  log.info("budget-set", "budget={} cap={}", changed.name, changed.cap_usd);
  ledger_.define(changed);
  set_.push_back({changed, configured(changed.name)});
  return {};
}

caf::result<reloaded> budgets_state::reconfigure(const change_budgets& x) {
  auto promise = self_->make_response_promise<reloaded>();
  when_ready([this, x, promise]() mutable {
    auto outcome = take_configuration(x.budgets);
    save([promise, outcome]() mutable { promise.deliver(std::move(outcome)); },
         nullptr);
  });
  return promise;
}

/// What was set while the service ran holds where the configuration did not
/// change: the later word counts.
reloaded
budgets_state::take_configuration(const std::vector<budget_settings>& xs) {
  reloaded result;
  auto before = std::exchange(config_.budgets, xs);
  for (const auto& old : before)
    if (!configured(old.name)) {
      result.kept.push_back(fmt::format("budget `{}` holds until a restart: "
                                        "budgets cannot be removed before",
                                        old.name));
      config_.budgets.push_back(old);
    }
  for (const auto& x : xs)
    if (std::find(before.begin(), before.end(), x) == before.end()) {
      log.info("budget-set", "budget={} cap={}", x.name, x.cap_usd);
      ledger_.define(x);
    }
  return result;
}

budget_view budgets_state::view_of(const std::string& budget) const {
  for (auto& x : ledger_.views(time()))
    if (x.name == budget)
      return x;
  return {};
}

budgets_self::behavior_type
budgets(budgets_self::stateful_pointer<budgets_state> self,
        budgets_config config, budgets_parts parts) {
  return self->state.make_behavior(std::move(config), std::move(parts));
}

} // namespace orc
