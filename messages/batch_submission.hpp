#pragma once

#include "messages/batch.hpp"
#include "messages/run_request.hpp"

namespace orc {

/// The body of a request that submits a batch: its rules, and runs for it.
struct batch_submission {
  std::string name;
  std::string space = "default";
  std::vector<run_request> runs;
  std::optional<std::uint64_t> tolerated_failures;
  std::optional<double> tolerated_share;
  batch_end on_exceeded = batch_end::stop;

  static constexpr auto fields = describe(
    "batch_submission", "Submits a batch, or more runs for one.",
    field("name", &batch_submission::name,
          "Unique in its namespace; 1 to 200 letters, digits and `-_./:@`."),
    field("namespace", &batch_submission::space, presence::optional,
          "Isolates names; `default` if not given."),
    field("runs", &batch_submission::runs, presence::optional,
          "At most 10,000. Those without a name are called NAME-1, NAME-2 …; "
          "all are put into the namespace and the batch."),
    field("toleratedFailures", &batch_submission::tolerated_failures,
          presence::optional, "With more failed runs the batch is stopped."),
    field("toleratedShare", &batch_submission::tolerated_share,
          presence::optional,
          "With a larger share of its runs failed the batch is stopped; 0 to "
          "1."),
    field("onExceeded", &batch_submission::on_exceeded, presence::optional,
          "stop: runs that wait are cancelled; abort: live ones, too."));
};

} // namespace orc
