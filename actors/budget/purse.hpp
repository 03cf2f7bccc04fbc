#pragma once

#include "actors/budget/money.hpp"
#include "messages/budget_settings.hpp"

#include <map>
#include <utility>

namespace orc {

/// What a budget needs to know of a run to count it.
struct run_scope {
  std::string account;
  std::string space;
  std::string batch;
};

/// One budget: its cap, what is spent of it on which day, and what is reserved.
///
///     open ──a run does not fit──▶ short ──it fits, or never will──▶ open
class purse {
public:
  explicit purse(budget_settings settings);

  const budget_settings& settings() const {
    return settings_;
  }

  void change(budget_settings settings) {
    settings_ = std::move(settings);
    reached_ = false;
  }

  /// @returns whether a run counts on it.
  bool counts(const run_scope& x) const;

  /// @returns whether it concerns one batch only.
  bool is_narrow() const {
    return settings_.batch.has_value();
  }

  void reserve(nano_usd x);
  void release(nano_usd x);
  void spend(std::int64_t day, nano_usd x);

  nano_usd spent(timestamp now) const;

  /// @returns what is neither spent nor reserved; may be below 0.
  nano_usd left(timestamp now) const;

  /// A run that is taken to cost nothing fits while anything is left.
  bool fits(nano_usd need, timestamp now) const;

  /// @returns whether a run cannot fit before the period ends, whatever becomes
  /// of what is reserved.
  bool is_hopeless(nano_usd need, timestamp now) const;

  bool is_spent(timestamp now) const;

  /// A run that does not fit waits.
  void wait(nano_usd need);

  /// A run did not fit.
  /// @returns whether it is the first since it was last open.
  bool reach() {
    return !std::exchange(reached_, true);
  }

  /// @returns whether runs wait of which the cheapest would fit by now, or can
  /// be refused by now; then nobody waits any more.
  bool open(timestamp now);

  /// @returns whether it has just passed the share at which it warns: once in
  /// each period.
  bool warn(timestamp now);

  budget_view view(timestamp now) const;

private:
  budget_settings settings_;
  std::map<std::int64_t, nano_usd> spent_;
  nano_usd reserved_ = 0;
  std::uint64_t live_ = 0;
  std::uint64_t waiting_ = 0;
  nano_usd least_need_ = 0;
  bool reached_ = false;
  std::optional<std::int64_t> warned_in_;
};

} // namespace orc
