#pragma once

#include "messages/base/json_text.hpp"
#include "messages/base/message.hpp"
#include "messages/task/task_store.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>

namespace orc {

/// Changes some fields of a task; those that are not given stay as they are at
/// that very moment, whoever else changes it.
struct patch_task {
  std::string id;
  /// A JSON object, as a client of Crew's API writes it.
  json_text changes;

  static constexpr auto fields
    = describe("patch_task", "Changes some fields of a task.",
               field("id", &patch_task::id, "Which."),
               field("changes", &patch_task::changes, "The new values."));
};

/// The TASK PATCHER interface, which TASKS answers besides its own.
using task_patcher_actor = caf::typed_actor<
  // Fails with `ec::not_found` if there is no such task, or none of a parent
  // that it had not before; with `ec::bad_json` or `ec::bad_field` naming the
  // field, also where the task would wait for itself.
  caf::replies_to<patch_task>::with<stored_tasks>>;

} // namespace orc

#define ORC_TASK_PATCH_MESSAGES(X) X(orc::patch_task)

ORC_TASK_PATCH_MESSAGES(ORC_DECLARE_MESSAGE)
