#pragma once

#include "messages/orchestrator.hpp"
#include "messages/walk/page_processor.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>

namespace orc {

/// Does the pages of a batch by a run each, whose name is that of the batch and
/// the page: after a restart the same page joins the run that does it.
class run_processor_state {
public:
  static inline const char* name = "run-processor";

  explicit run_processor_state(page_processor_actor::pointer self)
    : self_{self} {
    // nop
  }

  page_processor_actor::behavior_type
  make_behavior(orchestrator_actor orchestrator, walk_processor how);

private:
  caf::result<page_result> process(const process_page& x);
  caf::expected<run_request> make_run(const process_page& x) const;
  caf::expected<std::string> make_input(const process_page& x) const;

  page_processor_actor::pointer self_;
  orchestrator_actor orchestrator_;
  walk_processor how_;
};

/// @returns `ec::bad_field` if no page can become the input that is described;
///          nothing for another kind of processor.
caf::error check_run_input(const walk_processor& how);

/// Starts a RUN PROCESSOR.
page_processor_actor::behavior_type
run_processor(page_processor_actor::stateful_pointer<run_processor_state> self,
              orchestrator_actor orchestrator, walk_processor how);

} // namespace orc
