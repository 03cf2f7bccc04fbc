#pragma once

#include "messages/apify_api.hpp"
#include "messages/base/message.hpp"

namespace orc {

/// Asks the ITEM COUNTER how many items a dataset holds.
struct count_dataset {
  std::string dataset_id;

  static constexpr auto fields
    = describe("count_dataset", "Asks for the size of a dataset.",
               field("datasetId", &count_dataset::dataset_id, "Which."));
};

struct dataset_count {
  std::optional<std::uint64_t> items;

  static constexpr auto fields
    = describe("dataset_count", "Answers count_dataset.",
               field("items", &dataset_count::items, presence::optional,
                     "Nothing if the platform would not tell."));
};

/// The ITEM COUNTER interface: sizes of datasets with few calls, since many
/// runs end together. Replies within a second when the platform does.
using item_counter_actor
  = caf::typed_actor<caf::replies_to<count_dataset>::with<dataset_count>>;

} // namespace orc

#define ORC_ITEM_COUNTER_MESSAGES(X)                                           \
  X(orc::count_dataset)                                                        \
  X(orc::dataset_count)

ORC_ITEM_COUNTER_MESSAGES(ORC_DECLARE_MESSAGE)
