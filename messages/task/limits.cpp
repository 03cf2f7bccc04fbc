#include "messages/task/limits.hpp"

#include <algorithm>
#include <cmath>

ORC_TASK_LIMIT_MESSAGES(ORC_DEFINE_MESSAGE)

namespace orc {

namespace {

constexpr double slowest = 1e-6;
constexpr double most = 1e6;

bool is_within(double x, double least) {
  return std::isfinite(x) && x >= least && x <= most;
}

} // namespace

caf::error validate(const task_limits& x) {
  if (!x.concurrency && !x.rate_per_sec)
    return make_error(ec::bad_field, "give concurrency or ratePerSec, or both; "
                                     "DELETE removes limits");
  if (x.concurrency && *x.concurrency < 1)
    return make_error(ec::bad_field,
                      "concurrency: must be at least 1; to hold tasks back "
                      "altogether, pause their group");
  if (x.rate_per_sec && !is_within(*x.rate_per_sec, slowest))
    return make_error(ec::bad_field,
                      "ratePerSec: must be a number from 0.000001 to 1000000");
  if (x.burst && !x.rate_per_sec)
    return make_error(ec::bad_field, "burst: needs ratePerSec");
  if (x.burst && !is_within(*x.burst, 1))
    return make_error(ec::bad_field,
                      "burst: must be a number from 1 to 1000000");
  return {};
}

double burst_of(const task_limits& x) {
  return x.burst.value_or(std::max(1.0, x.rate_per_sec.value_or(0)));
}

} // namespace orc
