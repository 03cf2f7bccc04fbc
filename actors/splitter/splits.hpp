#pragma once

#include "messages/apify_api.hpp"
#include "messages/split_store.hpp"
#include "messages/splits.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>

namespace orc {

/// Whom SPLITS talks to, and what it has to know.
struct splits_parts {
  orchestrator_actor orchestrator;
  split_store_actor store;
  /// Reads datasets; nobody if there is no default account.
  apify_api_actor api;
  /// See `split_job::make`.
  std::uint64_t reserved_bytes = 0;
};

/// Has each list cut by a SPLITTER of its own, and submits what it makes.
class splits_state {
public:
  static inline const char* name = "splits";

  explicit splits_state(splits_actor::pointer self);

  splits_actor::behavior_type make_behavior(splits_parts parts);

private:
  struct job {
    splitter_actor splitter;
    split_result result;
    caf::typed_response_promise<split_result> promise;
  };

  using job_ptr = std::shared_ptr<job>;

  caf::result<split_result> submit(const submit_split& x);
  caf::expected<item_source_actor> open_source(const submit_split& x);
  void submit_next(const job_ptr& work);
  void pass_on(const job_ptr& work, part_requests requests);

  splits_actor::pointer self_;
  splits_parts parts_;
};

/// Starts SPLITS.
splits_actor::behavior_type
splits(splits_actor::stateful_pointer<splits_state> self, splits_parts parts);

} // namespace orc
