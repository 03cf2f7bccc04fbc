#pragma once

#include "messages/orchestrator.hpp"
#include "messages/task/operators.hpp"
#include "messages/walk/page_class.hpp"
#include "messages/walk/page_processor.hpp"

namespace orc {

/// What processors need. Any of it may be nobody: processors of that kind then
/// say what is missing.
struct page_processors_parts {
  /// For endpoints.
  operator_caller_actor caller;
  /// For tasks.
  tasks_actor tasks;
  /// For runs.
  orchestrator_actor orchestrator;
  /// Of the host program.
  page_classes classes;
};

/// Starts PAGE PROCESSORS.
page_processors_actor::behavior_type
page_processors(page_processors_actor::pointer self,
                page_processors_parts parts);

} // namespace orc
