#pragma once

#include "actors/reader/page_size.hpp"
#include "messages/apify_api.hpp"
#include "messages/splitter.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>

namespace orc {

/// Reads the items of a dataset as NDJSON, page by page. Its end is a page that
/// is short: counts of the platform lag. What is added later is not part of the
/// list.
class dataset_source_state {
public:
  static inline const char* name = "dataset-source";

  explicit dataset_source_state(item_source_actor::pointer self);

  item_source_actor::behavior_type
  make_behavior(apify_api_actor api, std::string dataset_id);

private:
  caf::result<source_piece> read(std::uint64_t position);

  item_source_actor::pointer self_;
  apify_api_actor api_;
  std::string dataset_id_;
  page_size pages_;
};

/// Starts an item source over a dataset.
item_source_actor::behavior_type
dataset_source(item_source_actor::stateful_pointer<dataset_source_state> self,
               apify_api_actor api, std::string dataset_id);

} // namespace orc
