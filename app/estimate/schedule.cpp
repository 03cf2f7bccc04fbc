#include "app/estimate/schedule.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <queue>
#include <utility>

namespace orc::app {

namespace {

/// Runs of one priority and size wait in one line: only the first of each line
/// can be next, however many wait.
class simulation {
public:
  simulation(const std::vector<scheduled_run>& runs,
             const schedule_limits& limits)
    : runs_{runs}, limits_{limits} {
    for (std::size_t i = 0; i < runs.size(); ++i)
      if (limits.memory && runs[i].memory > *limits.memory)
        ++result_.never_fit;
      else
        lines_[{-runs[i].priority, runs[i].memory}].waiting.push_back(i);
  }

  schedule run() {
    start_all();
    while (!ends_.empty()) {
      now_ = ends_.top().first;
      // Whatever ends at the same time makes room together.
      while (!ends_.empty() && ends_.top().first == now_) {
        used_ = used_ - runs_[ends_.top().second].memory;
        ends_.pop();
      }
      start_all();
    }
    result_.wall_secs = now_;
    return result_;
  }

private:
  struct line {
    std::deque<std::size_t> waiting;
    /// Since when others have passed its first run.
    std::optional<double> passed_since;
  };

  using line_map = std::map<std::pair<std::int32_t, mebibytes>, line>;

  bool fits(const scheduled_run& x) const {
    return (!limits_.memory || used_ + x.memory <= *limits_.memory)
           && (!limits_.runs || ends_.size() < *limits_.runs);
  }

  bool lost_patience(const line& x) const {
    auto patience = std::chrono::duration<double>{limits_.max_overtake}.count();
    return x.passed_since && now_ - *x.passed_since >= patience;
  }

  void start_all() {
    while (start_next()) {
      // Until nothing more fits.
    }
  }

  /// @returns the lines by priority and by the age of their first runs.
  std::vector<line_map::iterator> heads() {
    std::vector<line_map::iterator> result;
    for (auto i = lines_.begin(); i != lines_.end(); ++i)
      result.push_back(i);
    std::sort(result.begin(), result.end(), [](auto x, auto y) {
      return std::pair{x->first.first, x->second.waiting.front()}
             < std::pair{y->first.first, y->second.waiting.front()};
    });
    return result;
  }

  bool start_next() {
    std::vector<line*> passed;
    for (auto i : heads()) {
      if (fits(runs_[i->second.waiting.front()])) {
        for (auto* x : passed)
          x->passed_since = x->passed_since.value_or(now_);
        start(i);
        return true;
      }
      if (lost_patience(i->second))
        return false;
      passed.push_back(&i->second);
    }
    return false;
  }

  void start(line_map::iterator from) {
    auto index = from->second.waiting.front();
    from->second.waiting.pop_front();
    from->second.passed_since.reset();
    if (from->second.waiting.empty())
      lines_.erase(from);
    used_ = used_ + runs_[index].memory;
    ends_.emplace(now_ + runs_[index].secs, index);
  }

  using end = std::pair<double, std::size_t>;

  const std::vector<scheduled_run>& runs_;
  const schedule_limits& limits_;
  line_map lines_;
  std::priority_queue<end, std::vector<end>, std::greater<>> ends_;
  mebibytes used_;
  double now_ = 0;
  schedule result_;
};

} // namespace

schedule simulate(const std::vector<scheduled_run>& runs,
                  const schedule_limits& limits) {
  return simulation{runs, limits}.run();
}

} // namespace orc::app
