#pragma once

#include "messages/batch.hpp"
#include "messages/orchestrator.hpp"

namespace orc {

/// Sets the rules of a batch, before it has runs or later. A batch that was
/// stopped goes on with what is submitted from now on.
struct set_batch {
  batch_request request;

  static constexpr auto fields
    = describe("set_batch", "Sets the rules of a batch.",
               field("request", &set_batch::request, "Which, and how."));
};

struct get_batch {
  run_ref ref;

  static constexpr auto fields = describe(
    "get_batch", "Asks for a batch.", field("ref", &get_batch::ref, "Which."));
};

/// Asks for a batch once all its runs are final.
struct wait_batch {
  run_ref ref;
  /// Replies with the batch as it is after so long.
  std::chrono::milliseconds at_most{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, wait_batch& x) {
    return f(caf::meta::type_name("wait_batch"), x.ref, x.at_most);
  }
};

/// Asks for batches that have runs, the newest first.
struct list_batches {
  std::string space;
  std::uint32_t limit = 100;

  static constexpr auto fields
    = describe("list_batches", "Asks for batches, the newest first.",
               field("namespace", &list_batches::space, "Only this one."),
               field("limit", &list_batches::limit, "1 to 1000."));
};

struct batch_views {
  std::vector<batch_view> items;

  static constexpr auto fields
    = describe("batches", "Batches, the newest first.",
               field("items", &batch_views::items, "The newest first."));
};

/// Aborts all runs of a batch that are not final.
struct abort_batch {
  run_ref ref;
  bool gracefully = false;

  static constexpr auto fields
    = describe("abort_batch", "Aborts all of a batch.",
               field("ref", &abort_batch::ref, "Which."),
               field("gracefully", &abort_batch::gracefully, "30 s."));
};

/// Submits again what of a batch ended and did not succeed, for one more
/// attempt each: runs that were ABORTED or have TIMED-OUT by their rules, all
/// others as new platform runs. Takes back that the batch was stopped.
struct retry_batch {
  run_ref ref;

  static constexpr auto fields
    = describe("retry_batch", "Submits the failed runs of a batch again.",
               field("ref", &retry_batch::ref, "Which."));
};

/// What became of runs of a batch.
struct batch_change {
  std::uint64_t count = 0;

  static constexpr auto fields
    = describe("batch_change", "What was done to a batch.",
               field("runs", &batch_change::count, "With how many runs."));
};

/// The BATCHES interface: runs that belong together. A batch is there as soon
/// as a run names it. Requests fail with `ec::not_found` if no run does and
/// nothing set its rules.
using batches_actor
  = caf::typed_actor<caf::replies_to<set_batch>::with<batch_view>,
                     caf::replies_to<get_batch>::with<batch_view>,
                     caf::replies_to<wait_batch>::with<batch_view>,
                     caf::replies_to<list_batches>::with<batch_views>,
                     caf::replies_to<abort_batch>::with<batch_change>,
                     caf::replies_to<retry_batch>::with<batch_change>>;

} // namespace orc

#define ORC_BATCHES_MESSAGES(X)                                                \
  X(orc::set_batch)                                                            \
  X(orc::get_batch)                                                            \
  X(orc::wait_batch)                                                           \
  X(orc::list_batches)                                                         \
  X(orc::batch_views)                                                          \
  X(orc::abort_batch)                                                          \
  X(orc::retry_batch)                                                          \
  X(orc::batch_change)

ORC_BATCHES_MESSAGES(ORC_DECLARE_MESSAGE)
