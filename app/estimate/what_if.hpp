#pragma once

#include "app/config/config.hpp"
#include "app/estimate/estimator.hpp"
#include "app/estimate/history.hpp"
#include "app/estimate/platform_history.hpp"
#include "app/plan/list_cuts.hpp"
#include "app/plan/plan.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <vector>

namespace orc::app {

/// A service whose past counts instead of that of the data folder.
struct past_service {
  std::string url;
  secret token;
};

/// Answers what a plan would take if it were run now, its lists cut as they are
/// now. Starts nothing.
class what_if {
public:
  /// All must outlive it.
  what_if(const plan& work, const config& options);

  /// @param service its past counts; none: that of the data folder.
  [[nodiscard]] caf::expected<plan_estimate>
  answer(const std::optional<past_service>& service);

private:
  template <class F>
  void for_each_request(F f) const;

  [[nodiscard]] caf::error
  read_own_history(const std::optional<past_service>& service);
  [[nodiscard]] caf::error learn_all();
  [[nodiscard]] caf::error learn(const run_target& target);
  plan_estimate finish(const estimator& x);

  const plan& plan_;
  const config& options_;
  std::vector<list_cut> lists_;
  run_history history_;
  /// None without a token: then only what is at hand counts.
  std::optional<platform_history> platform_;
  estimator::targets known_;
};

} // namespace orc::app
