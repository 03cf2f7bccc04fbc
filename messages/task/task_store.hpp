#pragma once

#include "messages/base/message.hpp"
#include "messages/run_store/saving.hpp"
#include "messages/task/bulk.hpp"
#include "messages/task/limits.hpp"
#include "messages/task/task_store/operators.hpp"
#include "messages/task/task_store/reading.hpp"
#include "messages/task/task_store/recovery.hpp"
#include "messages/task/task_store/rework.hpp"
#include "messages/task/task_store/saving.hpp"
#include "messages/task/task_store/schedules.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace orc {

/// The TASK STORE interface: durable tasks. Every answer to a write comes after
/// it is durable; what waits in the mailbox shares one commit. Fails with
/// `ec::store_failed` when the disk does; then nothing of it is stored, nor any
/// `change_tasks` and `save_task_group` that come behind one of those that
/// failed, until `load_task_book`: what rests on a step is not there without
/// it.
using task_store_actor
  = caf::typed_actor<caf::replies_to<change_tasks>::with<stored_tasks>,
                     caf::replies_to<save_task_group>::with<task_groups>,
                     caf::replies_to<rework_tasks>::with<reworked_tasks>,
                     // Fails with `ec::not_found` if one was asked for that is
                     // not there.
                     caf::replies_to<find_tasks>::with<stored_tasks>,
                     caf::replies_to<find_made>::with<created_tasks>,
                     caf::replies_to<find_token>::with<found_token>,
                     caf::replies_to<find_task_groups>::with<task_groups>,
                     caf::replies_to<check_tasks>::with<checked_tasks>,
                     caf::replies_to<load_live_tasks>::with<live_tasks>,
                     caf::replies_to<save_operator>::with<saved>,
                     caf::replies_to<drop_operator>::with<saved>,
                     caf::replies_to<save_task_limit>::with<saved>,
                     caf::replies_to<drop_task_limit>::with<saved>,
                     caf::replies_to<save_schedule>::with<saved>,
                     caf::replies_to<drop_schedule>::with<saved>,
                     caf::replies_to<load_schedules>::with<stored_schedules>,
                     caf::replies_to<load_operators>::with<stored_operators>,
                     caf::replies_to<load_task_book>::with<task_book_summary>>;

} // namespace orc

#define ORC_TASK_STORE_MESSAGES(X)                                             \
  X(orc::change_tasks)                                                         \
  X(orc::stored_tasks)                                                         \
  X(orc::save_task_group)                                                      \
  X(orc::rework_tasks)                                                         \
  X(orc::reworked_tasks)                                                       \
  X(orc::find_token)                                                           \
  X(orc::found_token)                                                          \
  X(orc::find_tasks)                                                           \
  X(orc::find_task_groups)                                                     \
  X(orc::task_groups)                                                          \
  X(orc::check_tasks)                                                          \
  X(orc::checked_tasks)                                                        \
  X(orc::load_live_tasks)                                                      \
  X(orc::live_tasks)                                                           \
  X(orc::save_operator)                                                        \
  X(orc::drop_operator)                                                        \
  X(orc::save_schedule)                                                        \
  X(orc::drop_schedule)                                                        \
  X(orc::load_schedules)                                                       \
  X(orc::stored_schedules)                                                     \
  X(orc::load_operators)                                                       \
  X(orc::stored_operators)                                                     \
  X(orc::load_task_book)                                                       \
  X(orc::task_book_summary)

ORC_TASK_STORE_MESSAGES(ORC_DECLARE_MESSAGE)
