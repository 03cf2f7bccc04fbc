#pragma once

#include "messages/orchestrator.hpp"
#include "messages/walk/walks.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>
#include <vector>

namespace orc {

/// Tells the REPORTER that it is time.
struct report_now {
  static constexpr auto fields = describe("report_now", "It is time.");
};

/// The REPORTER interface: nobody talks to it but its own clock.
using reporter_actor = caf::typed_actor<caf::reacts_to<report_now>>;

/// @returns the lines of a report: the totals, each account, and each run that
///          is live or ended after `since`, as key=value.
std::vector<std::string> report_lines(const report& x, timestamp since);

/// @returns a line for each batch that goes on or ended after `since`.
std::vector<std::string> report_lines(const walk_views& x, timestamp since);

/// Writes a report to the log from time to time: totals, accounts, and each run
/// that is live or has ended since the last report, with items and cost; and
/// such batches.
class reporter_state {
public:
  static inline const char* name = "reporter";

  explicit reporter_state(reporter_actor::pointer self);

  reporter_actor::behavior_type
  make_behavior(orchestrator_actor source, walks_actor walks,
                std::chrono::milliseconds every);

private:
  void report();

  /// Of batches that walk data sets.
  void report_walks(timestamp since);
  void again();

  reporter_actor::pointer self_;
  orchestrator_actor source_;
  walks_actor walks_;
  std::chrono::milliseconds every_{0};
  timestamp last_;
};

/// Starts a REPORTER that asks `source` at regular intervals.
/// @param walks nobody if no data sets are walked.
reporter_actor::behavior_type
reporter(reporter_actor::stateful_pointer<reporter_state> self,
         orchestrator_actor source, walks_actor walks,
         std::chrono::milliseconds every);

} // namespace orc
