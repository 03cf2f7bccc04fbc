#pragma once

#include "messages/run_record.hpp"

namespace orc {

/// What becomes of a run whose name is submitted again.
enum class rejoin_outcome {
  /// It is handed out as it is: it still runs, or has ended in a way that shall
  /// be kept.
  joined,
  /// It goes back to the queue, with the input and options of the new request.
  requeued,
};

/// Applies the rejoin rules of docs/run_lifecycle.md to a stored run:
/// SUCCEEDED returns, ABORTED and TIMED-OUT resurrect, FAILED starts a new
/// attempt while attempts last, what never started is tried again; the request
/// may say otherwise. A start that may have been carried out keeps its intent,
/// and with it the input that it is looked for by.
/// @param retry_failed renews the attempts of a run that FAILED.
rejoin_outcome
rejoin(run_record& record, const run_request& request, bool retry_failed);

} // namespace orc
