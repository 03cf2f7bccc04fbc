#pragma once

#include "messages/apify_api.hpp"
#include "messages/tracker.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// Measures windows: nobody sets it.
using steady_time = std::chrono::steady_clock::time_point;

/// A start whose answer is lost.
struct lost_start {
  find_remote_run what;
  /// The platform's ids of its target; empty if they could not be had.
  std::string actor_id;
  std::string task_id;
  /// No run by then means that there is none.
  steady_time deadline;
};

/// Decides which platform run belongs to which lost start. Knows no actors.
///
/// A marker in the User-Agent settles it. Where the platform does not tell the
/// User-Agent, a run of the same target with the same input does: starts with
/// equal inputs are interchangeable, so that the oldest gets the oldest run.
/// Another client's User-Agent says that the run is not ours, unless runs of
/// ours were seen with such: then something on the way rewrites it.
class lost_starts {
public:
  void add(lost_start x);
  void remove(run_key key);

  bool empty() const noexcept {
    return starts_.empty();
  }

  std::size_t size() const noexcept {
    return starts_.size();
  }

  /// @returns since when runs are to be listed: a little before the first lost
  ///          start, since its time is known to the second.
  /// @pre `!empty()`
  timestamp list_from() const;

  /// @returns the start that `run` carries the marker of, if any.
  const lost_start* marked(const remote_run& run) const;

  /// @returns whether `run` may belong to a lost start though no marker says
  ///          so: its input has to decide.
  bool is_unclear(const remote_run& run) const;

  /// @returns whether `run` is one of a target of ours under another client's
  ///          name: who started it tells whether names can be believed.
  bool is_foreign(const remote_run& run) const;

  /// @returns the oldest lost start that `run`, started with `input`, fits.
  const lost_start*
  fitting(const remote_run& run, const json_text& input) const;

  /// Looks at a run that is known to be ours: under whose name is it shown?
  void learn(const remote_run& ours);

  /// @returns the keys of those with a deadline before `at`.
  std::vector<run_key> overdue(steady_time at) const;

  const lost_start* find(run_key key) const;

private:
  bool same_target(const lost_start& start, const remote_run& run) const;
  bool has_target(const remote_run& run) const;

  /// By key: the order of submission.
  std::map<run_key, lost_start> starts_;
  /// A run of ours was shown under another name.
  bool is_rewritten_ = false;
};

} // namespace orc
