#include "embedding/message_types/add.hpp"
#include "messages/schedule/schedules.hpp"
#include "messages/task/operators.hpp"
#include "messages/task/patch.hpp"
#include "messages/task/tasks.hpp"

namespace orc {

void add_task_types(caf::actor_system_config& config) {
  ORC_SCHEDULE_MESSAGES(ORC_ADD_TYPE)
  ORC_TASK_BULK_MESSAGES(ORC_ADD_TYPE)
  ORC_TASK_LIMIT_MESSAGES(ORC_ADD_TYPE)
  ORC_TASK_PATCH_MESSAGES(ORC_ADD_TYPE)
  ORC_TASKS_MESSAGES(ORC_ADD_TYPE)
  ORC_OPERATOR_MESSAGES(ORC_ADD_TYPE)
  ORC_ADD_TYPE(orc::find_tasks)
  ORC_ADD_TYPE(orc::stored_tasks)
  ORC_ADD_TYPE(orc::find_task_groups)
  ORC_ADD_TYPE(orc::task_groups)
}

} // namespace orc
