#pragma once

#include "messages/apify_storage.hpp"
#include "messages/orchestrator.hpp"
#include "messages/reader.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <map>
#include <string>

namespace orc {

/// Whom a PAGE SOURCE asks.
struct run_source_parts {
  /// Knows the runs; nobody where there are only datasets.
  orchestrator_actor orchestrator;
  /// The platform, for datasets.
  apify_api_actor api;
  apify_storage_actor storage;
};

/// The PAGE SOURCE over the runs of an ORCHESTRATOR and the datasets of an
/// account.
class run_source_state {
public:
  static inline const char* name = "run-source";

  explicit run_source_state(page_source_actor::pointer self);

  page_source_actor::behavior_type make_behavior(run_source_parts parts);

private:
  caf::result<origin_state> find(const item_origin& x);
  caf::result<origin_state> find_run(const item_origin& x);
  caf::result<origin_state> find_set(const item_origin& x);
  void look_at_run(const std::string& dataset_id, const std::string& run_id,
                   caf::typed_response_promise<origin_state> promise);
  caf::result<items_page> read(const get_origin_page& x);

  page_source_actor::pointer self_;
  run_source_parts parts_;
  /// The runs of datasets, which never change.
  std::map<std::string, std::string> run_ids_;
};

/// Starts a PAGE SOURCE.
page_source_actor::behavior_type
run_source(page_source_actor::stateful_pointer<run_source_state> self,
           run_source_parts parts);

} // namespace orc
