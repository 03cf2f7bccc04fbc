#pragma once

#include "actors/account/run_class.hpp"
#include "messages/run_store.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace orc {

/// Remembers what waits for which budget. A budget of a whole namespace or
/// account holds back all runs of a class: they stay in their line. A budget of
/// few runs holds back each of them alone: it is parked here, out of its line.
///
///     held ──open──▶ free        parked ──open──▶ some are tried
///                                   ▲               │ one started, or none
///                                   └──still short──┘ told: some more
///
/// Parked runs are tried a few at a time: where one of them finds no money the
/// others would not either. Where none of them comes to ask for it, because
/// they end or the platform is not well, others have to: the budget is open and
/// tells nothing more.
class budget_holds {
public:
  void hold(const run_class& kind, std::string budget, std::string reason);

  bool holds(const run_class& kind) const {
    return !lines_.empty() && lines_.contains(kind);
  }

  /// @returns parked runs that may try instead, if it had tried for another
  /// budget.
  std::vector<queued_run>
  park(const queued_run& x, std::string budget, std::string reason);

  /// @returns whether it was parked; it is no more.
  bool cancel(run_key key);

  /// The budget may have money again.
  /// @param openings how often budgets have opened so far.
  /// @returns parked runs that may try.
  std::vector<queued_run>
  open(const std::string& budget, std::uint64_t openings);

  /// @returns whether the budget was heard to open after so many openings.
  bool
  has_opened_since(const std::string& budget, std::uint64_t openings) const {
    auto i = opened_.find(budget);
    return i != opened_.end() && i->second > openings;
  }

  /// A run has started.
  /// @returns parked runs that may try since it found money.
  std::vector<queued_run> started(run_key key);

  /// A run that tried did not start, or ended.
  /// @returns parked runs that may try instead, if no other one does.
  std::vector<queued_run> forget(run_key key);

  /// @returns why a run of that class, or that run, waits, if for a budget.
  std::optional<std::string> reason(run_key key, const run_class& kind) const;

  std::uint64_t parked() const {
    return budget_of_.size();
  }

private:
  struct held {
    std::string budget;
    std::string reason;
  };

  struct lot {
    std::map<run_key, queued_run> runs;
    std::string reason;
  };

  std::vector<queued_run> try_some(const std::string& budget);
  std::optional<std::string> end_try(run_key key);
  std::vector<queued_run> try_others(const std::string& budget);

  std::map<run_class, held> lines_;
  std::map<std::string, lot> lots_;
  std::unordered_map<run_key, std::string> budget_of_;
  std::unordered_map<run_key, std::string> trying_;
  /// How many of `trying_` try for a budget.
  std::map<std::string, std::size_t> tries_;
  /// How often budgets had opened when one did last.
  std::map<std::string, std::uint64_t> opened_;
};

} // namespace orc
