#pragma once

#include "emulator/platform/run.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace orc::emulator {

struct run_filter {
  /// None means all.
  std::vector<run_status> statuses;
  /// Both inclusive.
  std::optional<moment> started_after;
  std::optional<moment> started_before;
  std::size_t offset = 0;
  std::size_t limit = 1000;
  bool descending = false;
};

struct run_page {
  /// How many runs the filter lets through, on all pages.
  std::size_t total = 0;
  std::vector<const run*> items;
};

/// The runs of an account, an Apify actor or a task in the order of their
/// starts: one sorted vector a status, so that no list needs a scan. Runs come
/// and go near the end, where a vector is cheap to change.
class run_index {
public:
  /// Shows the run, under its status.
  void add(run& x);

  /// Takes the run out; its status is still the one it was added with.
  void remove(const run& x);

  run_page list(const run_filter& filter) const;

  /// @returns the run that started last among those with one of the statuses
  /// (none: any) and `origin` ("": any), or null.
  run*
  last(const std::vector<run_status>& statuses, std::string_view origin) const;

  std::size_t size() const noexcept;

private:
  using column = std::vector<run*>;

  std::array<column, run_status_count> by_status_;
};

} // namespace orc::emulator
