#pragma once

#include "messages/apify_api.hpp"
#include "messages/run.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace orc::app {

/// What the runs of one Apify actor or task took in the past.
struct target_statistics {
  std::uint64_t samples = 0;
  double median_secs = 0;
  double p90_secs = 0;
  /// Missing where the platform told no cost.
  std::optional<double> median_usd;
  std::optional<double> p90_usd;
  /// What most of them were given.
  std::optional<mebibytes> memory;
};

/// Collects platform runs that ended. Those that SUCCEEDED count; all that
/// ended count where none did. One that was resurrected tells nothing of how
/// long a run takes, and is left out.
class run_history {
public:
  /// @returns what a run is of.
  static run_target target_of(const run& x);

  void add(const run& x);
  void add(const run_target& target, const remote_run& x);

  bool knows(const run_target& target) const {
    return samples_.contains(target);
  }

  std::optional<target_statistics> statistics(const run_target& target) const;

  /// @returns whether a run of that name has succeeded.
  bool has_succeeded(const run_ref& ref) const {
    return succeeded_.contains(ref);
  }

private:
  struct sample {
    double secs = 0;
    std::optional<double> usd;
    std::optional<mebibytes> memory;
    bool succeeded = false;
  };

  static target_statistics summarize(const std::vector<sample>& samples);

  std::map<run_target, std::vector<sample>> samples_;
  std::set<run_ref> succeeded_;
};

/// @returns the value that `share` of all are not above: the nearest rank.
/// @param values in any order, at least one.
/// @param share 0 to 1.
double percentile(std::vector<double> values, double share);

} // namespace orc::app
