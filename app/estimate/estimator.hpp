#pragma once

#include "app/estimate/schedule.hpp"
#include "messages/estimate.hpp"
#include "messages/run_record.hpp"

#include <map>
#include <vector>

namespace orc::app {

/// What is known of an Apify actor or task.
struct known_target {
  std::uint64_t samples = 0;
  /// `store` or `platform`.
  std::string source;
  double median_secs = 0;
  double p90_secs = 0;
  std::optional<double> median_usd;
  std::optional<double> p90_usd;
  /// What a run gets that does not say.
  std::optional<mebibytes> memory;
};

/// Foretells what a plan takes from what runs took before: each run as long
/// and as dear as the median, and as the 90th percentile, of its Apify actor or
/// task; no longer than its time-out, no dearer than its cap.
class estimator {
public:
  using targets = std::map<run_target, known_target>;

  explicit estimator(targets known) : known_{std::move(known)} {
    // nop
  }

  /// Takes the next run of the plan.
  void add(const run_request& x);

  /// Takes a run that will not be started again.
  void add_done();

  plan_estimate finish(const schedule_limits& limits) const;

private:
  targets known_;
  plan_estimate sums_;
  std::map<run_target, target_estimate> by_target_;
  std::vector<scheduled_run> at_median_;
  std::vector<scheduled_run> at_p90_;
};

/// @returns what a request is of.
run_target target_of(const run_request& x);

} // namespace orc::app
