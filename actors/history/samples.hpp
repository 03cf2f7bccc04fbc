#pragma once

#include "messages/target_history.hpp"

#include <deque>
#include <map>

namespace orc {

/// Remembers what the newest platform runs of each target took and cost.
class samples {
public:
  void add(const target_sample& x);

  target_history of(const run_target& target) const;

private:
  std::map<run_target, std::deque<target_sample>> kept_;
};

} // namespace orc
