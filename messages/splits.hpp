#pragma once

#include "messages/orchestrator.hpp"
#include "messages/splitter.hpp"

namespace orc {

/// Cuts a list that is at hand, or a dataset, and submits its parts as runs.
struct submit_split {
  split_request request;
  /// The list, in the format that the request tells.
  json_text items;
  /// In place of `items`: a dataset that the default account can read. Its
  /// items are NDJSON, whatever the format of the request.
  std::string dataset_id = {};
  bool dry_run = false;

  static constexpr auto fields
    = describe("submit_split", "Cuts a list and submits its parts.",
               field("request", &submit_split::request, "How to cut it."),
               field("items", &submit_split::items, "The list."),
               field("datasetId", &submit_split::dataset_id, "In its place."),
               field("dryRun", &submit_split::dry_run, "Only tell."));
};

/// The SPLITS interface: lists as runs, for all who have the list at hand or in
/// a dataset.
using splits_actor = caf::typed_actor<
  // Replies when every part is durable as a run. Fails as the SPLITTER and
  // `submit_runs` do; parts that were submitted before go on, and the same
  // request again goes on with the rest.
  caf::replies_to<submit_split>::with<split_result>>;

} // namespace orc

#define ORC_SPLITS_MESSAGES(X) X(orc::submit_split)

ORC_SPLITS_MESSAGES(ORC_DECLARE_MESSAGE)
