#include "embedding/message_types/add.hpp"
#include "messages/batches.hpp"
#include "messages/event.hpp"
#include "messages/orchestrator.hpp"
#include "messages/reader.hpp"
#include "messages/splits.hpp"

namespace orc {

// What a host says to the front door and beside it. What actors of ours say to
// each other never leaves a process: each type costs a fifth of a second to
// compile.
void add_run_types(caf::actor_system_config& config) {
  ORC_RUN_MESSAGES(ORC_ADD_TYPE)
  ORC_ORCHESTRATOR_MESSAGES(ORC_ADD_TYPE)
  ORC_ADD_TYPE(orc::list_runs)
  ORC_ADD_TYPE(orc::get_items)
  ORC_ADD_TYPE(orc::items_page)
  ORC_ADD_TYPE(orc::account_view)
  ORC_ADD_TYPE(orc::account_stopped)
  ORC_ADD_TYPE(orc::get_budgets)
  ORC_ADD_TYPE(orc::set_budget)
  ORC_ADD_TYPE(orc::budget_view)
  ORC_ADD_TYPE(orc::budget_views)
  ORC_REPORT_MESSAGES(ORC_ADD_TYPE)
  ORC_EVENT_MESSAGES(ORC_ADD_TYPE)
  ORC_READER_MESSAGES(ORC_ADD_TYPE)
  ORC_ADD_TYPE(orc::reader_actor)
  ORC_SPLITS_MESSAGES(ORC_ADD_TYPE)
  ORC_ADD_TYPE(orc::split_result)
  ORC_BATCHES_MESSAGES(ORC_ADD_TYPE)
  ORC_ADD_TYPE(orc::batch_view)
}

} // namespace orc
