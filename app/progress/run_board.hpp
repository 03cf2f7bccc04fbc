#pragma once

#include "messages/run.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace orc::app {

/// What the board keeps of a run: little, since a plan may have a million.
struct board_row {
  run_state state = run_state::queued;
  std::optional<remote_status> status;
  std::uint32_t attempts = 0;
  mebibytes memory;
  std::optional<std::uint64_t> items;
  double usd = 0;
  timestamp started;
  timestamp finished;
  bool submitted = false;
  bool has_memory = false;
  bool joined = false;
  /// Why it waits or failed; kept for live and failed runs only.
  std::string reason;
};

bool succeeded(const board_row& x);

/// @returns what users call the state of a run: `queued`, `running`,
///          `SUCCEEDED`, `refused`, …
std::string_view state_name(const board_row& x);

/// Sums over all rows.
struct board_totals {
  std::uint64_t runs = 0;
  std::uint64_t queued = 0;
  std::uint64_t live = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t joined = 0;
  std::uint64_t attempts = 0;
  std::uint64_t items = 0;
  double usd = 0;

  std::uint64_t finished() const noexcept {
    return succeeded + failed;
  }
};

/// Where all runs of a plan are, from the events about them.
class run_board {
public:
  /// @param names the runs of the plan, in order.
  explicit run_board(const std::vector<run_ref>& names);

  /// Takes in what is known of a run.
  /// @returns whether it became final just now. Runs of others are ignored.
  bool update(const run& x);

  /// @returns whether the run is one of the plan.
  bool contains(const run& x) const;

  /// @returns whether there was an update for the run.
  bool knows(const run& x) const;

  void mark_joined(const run& x);

  bool complete() const noexcept {
    return totals_.finished() == totals_.runs;
  }

  const board_totals& totals() const noexcept {
    return totals_;
  }

  const std::vector<run_ref>& names() const noexcept {
    return names_;
  }

  const board_row& row(std::size_t index) const {
    return rows_[index];
  }

  void set_reason(std::size_t index, std::string reason);

  /// @returns the rows to show if there is room for so many: failed ones, then
  ///          live ones, queued ones and at last those that succeeded.
  std::vector<std::size_t> most_telling(std::size_t count) const;

private:
  /// @returns the number of a run, or `rows_.size()`.
  std::size_t find(const run& x) const;
  void count(const board_row& x, std::int64_t sign);

  const std::vector<run_ref>& names_;
  std::vector<board_row> rows_;
  /// Numbers of rows by name: a tenth of the memory of a map.
  std::vector<std::uint32_t> by_name_;
  board_totals totals_;
};

} // namespace orc::app
