#pragma once

#include "actors/budget/purse.hpp"
#include "messages/budget.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace orc {

/// Asks for the money of an attempt.
struct claim {
  charge_key key;
  run_scope scope;
  /// The run's own `maxTotalChargeUsd`.
  std::optional<double> cap_usd;
  /// What runs of the same Apify actor usually cost.
  std::optional<double> estimate_usd;
  /// What is left of the run's own budget.
  std::optional<double> run_left_usd;
  /// What the attempt has cost so far, if it is resurrected.
  double base_usd = 0;
};

/// Something about a budget that others have to be told.
struct ledger_notice {
  enum class kind { warned, reached, opened, spent };

  kind what = kind::warned;
  std::string budget;
  std::string text;
};

/// Keeps the books of all budgets: reserves before a start, settles after the
/// end. Knows no actors and no clock; what has to be durable is handed out by
/// `take_changes`.
///
///     reserve ──▶ reserved ──ended──▶ ended ──cost is final──▶ spent
///                    │                  └──time is over──▶ assumed ──▶ spent
///                    └──release──▶ (nothing)
///
/// An attempt that has ended keeps its reservation: what the platform tells of
/// its cost at first may be too little. If it shall be resurrected, what it has
/// cost so far is spent: what comes on top is another charge.
class ledger {
public:
  /// @param patience how long the final cost of an attempt is waited for.
  explicit ledger(std::chrono::milliseconds patience);

  void define(const budget_settings& x);

  /// Takes up what was durable.
  void restore(const stored_ledger& x);

  const budget_settings* find(const std::string& budget) const;

  /// @returns whether any budget counts such a run.
  bool counts(const run_scope& x) const;

  /// @returns whether money is kept for it.
  bool holds(const charge_key& x) const;

  /// @returns whether an estimate stands for its cost.
  bool assumes(const charge_key& x) const;

  budget_answer reserve(const claim& x, timestamp now);

  void release(const charge_key& x);

  /// @param usd what the platform says so far.
  void ended(const charge_key& x, std::optional<double> usd, timestamp now);

  /// An attempt that was taken for ended lives: it was resurrected by somebody
  /// who could not tell. What it cost before may be spent by now.
  /// @param usd what was reserved for what comes on top.
  void revive(const claim& x, double usd, timestamp now);

  /// The cost is known for good, also where it was assumed before.
  void settle(const charge_key& x, double usd);

  /// Nobody will ever tell the cost: the estimate is spent for good.
  void write_off(const charge_key& x);

  /// Settles what has waited long enough.
  /// @returns what that is.
  std::vector<charge_key> settle_overdue(timestamp now);

  /// @returns when `settle_overdue` or `look` has something to do.
  std::optional<timestamp> next_due(timestamp now) const;

  /// Finds out which budgets have room again, warn or are spent.
  void look(timestamp now);

  std::vector<ledger_notice> take_notices();

  /// @returns what has to be made durable since the last call.
  save_ledger take_changes();

  /// @returns the attempts that live on a budget.
  std::vector<charge_key> live_on(const std::string& budget) const;

  /// @returns all that is not spent for good.
  std::vector<charge_key> charges() const;

  std::vector<budget_view> views(timestamp now) const;

private:
  struct entry {
    charge data;
    std::optional<double> seen_usd;
  };

  using entries = std::map<charge_key, entry>;

  std::vector<purse*> purses_of(const run_scope& x);
  nano_usd need_of(const claim& x, const std::vector<purse*>& on) const;
  budget_answer deny(purse& on, nano_usd need, timestamp now);
  budget_answer grant(const claim& x, const std::vector<purse*>& on,
                      nano_usd need, timestamp now);

  // -- in ledger_entries.cpp --------------------------------------------------

  void hold(const claim& x, double base_usd, nano_usd need,
            const std::vector<purse*>& on, timestamp now);
  void enter(const entry& x);
  void drop(const charge_key& x);
  void count(const charge& x, int sign);
  void put(const charge& x);
  void finish(entries::iterator i, double usd);
  std::optional<entry> finish_so_far(const charge_key& x, double usd);
  void assume(entry& x);

  std::chrono::milliseconds patience_;
  std::map<std::string, purse> purses_;
  entries entries_;
  /// Those that have ended, by when.
  std::set<std::pair<timestamp, charge_key>> ending_;
  std::map<charge_key, charge> changed_;
  std::vector<charge_key> removed_;
  std::vector<budget_spending> spent_;
  std::vector<ledger_notice> notices_;
};

} // namespace orc
