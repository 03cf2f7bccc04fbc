#pragma once

#include "messages/run_store.hpp"

#include <compare>
#include <map>
#include <string>

namespace orc {

/// What the totals need to know of a run.
struct tallied_run {
  std::string space;
  run_state state = run_state::queued;
  std::optional<remote_status> status;
  std::uint64_t item_count = 0;
  double usage_total_usd = 0;
};

tallied_run make_tallied_run(const run& x);

/// Counts runs by namespace, state and status. Adding and removing leave no
/// trace: money is counted in whole nano-dollars.
class run_tally {
public:
  /// Runs that count together.
  struct group {
    std::string space;
    run_state state = run_state::queued;
    std::optional<remote_status> status;

    friend auto operator<=>(const group&, const group&) = default;
  };

  struct sums {
    std::int64_t runs = 0;
    std::int64_t items = 0;
    std::int64_t nano_usd = 0;

    sums& operator+=(const sums& x);
  };

  void add(const tallied_run& x);
  void remove(const tallied_run& x);
  void add(const group& where, const sums& what);
  void clear();

  const std::map<group, sums>& groups() const {
    return groups_;
  }

  /// @returns the totals of one namespace, or of all if empty.
  run_totals totals(const std::string& space) const;

private:
  std::map<group, sums> groups_;
};

} // namespace orc
