#include "persistence/sqlite/task_store.hpp"

#include "messages/base/log.hpp"
#include "persistence/sqlite/keeper.hpp"
#include "persistence/sqlite/limit_table.hpp"
#include "persistence/sqlite/mark_table.hpp"
#include "persistence/sqlite/operator_table.hpp"
#include "persistence/sqlite/schedule_table.hpp"
#include "persistence/sqlite/task_group_table.hpp"
#include "persistence/sqlite/task_rework.hpp"
#include "persistence/sqlite/task_steps.hpp"
#include "persistence/sqlite/task_table.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <utility>

namespace orc {

namespace sqlite {

namespace {

constexpr logger log{"tasks"};

struct open_tasks {
  open_tasks(database connection, std::uint32_t store)
    : db{std::move(connection)}, tasks{db, store}, groups{db, store},
      limits{db}, steps{db, tasks, groups, limits}, rework{db, tasks, groups},
      marks{db, tasks, groups, steps, rework}, operators{db, store},
      schedules{db}, group{db} {
    // nop
  }

  database db;
  task_table tasks;
  task_group_table groups;
  limit_table limits;
  task_steps steps;
  task_rework rework;
  mark_table marks;
  operator_table operators;
  schedule_table schedules;
  group_commit group;
};

class task_store_state
  : public keeper<task_store_actor::extend_with<task_marks_actor>, open_tasks> {
public:
  static inline const char* name = "task-store";

  using keeper::keeper;

  actor::behavior_type make_behavior(std::shared_ptr<open_tasks> open) {
    auto& in = take(std::move(open));
    auto& tasks = opened().tasks;
    auto& groups = opened().groups;
    auto& limits = opened().limits;
    auto& steps = opened().steps;
    auto& marks = opened().marks;
    auto& operators = opened().operators;
    auto& schedules = opened().schedules;
    return {
      [&](const change_tasks& x) {
        return in.write(marks, &mark_table::change, x,
                        x.added.size() + x.changes.size());
      },
      [&](const save_task_group& x) {
        return in.write(marks, &mark_table::save, x);
      },
      [&](const rework_tasks& x) {
        return in.write(marks, &mark_table::rework, x);
      },
      [&](const find_tasks& x) { return in.read(tasks, &task_table::find, x); },
      [&](const find_made& x) { return in.read(steps, &task_steps::find, x); },
      [&](const find_task_groups& x) {
        return in.read(groups, &task_group_table::find, x);
      },
      [&](const check_tasks& x) {
        return in.read(tasks, &task_table::check, x);
      },
      [&](const load_live_tasks& x) {
        return in.read(tasks, &task_table::load, x);
      },
      [&](const get_task_channels& x) {
        return in.read(groups, &task_group_table::channels, x);
      },
      [&](const save_operator& x) {
        return in.write(operators, &operator_table::save, x);
      },
      [&](const drop_operator& x) {
        return in.write(operators, &operator_table::drop, x);
      },
      [&](const save_task_limit& x) {
        return in.write(limits, &limit_table::save, x);
      },
      [&](const drop_task_limit& x) {
        return in.write(limits, &limit_table::drop, x);
      },
      [&](const save_schedule& x) {
        return in.write(schedules, &schedule_table::save, x);
      },
      [&](const drop_schedule& x) {
        return in.write(schedules, &schedule_table::drop, x);
      },
      [&](const load_schedules& x) {
        return in.read(schedules, &schedule_table::load, x);
      },
      [&](const load_operators& x) {
        return in.read(operators, &operator_table::load, x);
      },
      [&](const load_task_book& x) {
        return in.read(steps, &task_steps::summary, x);
      },
      [&](const follow_marks& x) {
        return in.write(marks, &mark_table::follow, x);
      },
      [&](const load_marks& x) { return in.read(marks, &mark_table::load, x); },
      [&](const get_last_mark& x) {
        return in.read(marks, &mark_table::last, x);
      },
      [&](const drop_marks& x) {
        return in.write(marks, &mark_table::drop, x);
      },
      [this](const end_group&) { commit(); },
    };
  }
};

using task_keeper = task_store_state::actor;

task_keeper::behavior_type
keep_tasks(task_keeper::stateful_pointer<task_store_state> self,
           std::shared_ptr<open_tasks> open) {
  return self->state.make_behavior(std::move(open));
}

/// @returns the 22 bits that tell this store apart.
std::uint32_t store_number(database& db) {
  db.execute("INSERT OR IGNORE INTO meta "
             "VALUES ('store', abs(random()) % 4194304)");
  return static_cast<std::uint32_t>(
    db.number("SELECT value FROM meta WHERE name='store'"));
}

std::shared_ptr<open_tasks> open_tasks_in(const std::filesystem::path& file) {
  auto db = open_database(file, task_migrations());
  // Steps are small and many. A log that is short enough to be begun again soon
  // is written over, not made longer, and the disk has less to do: a commit of
  // four tasks costs half the processor time, and a third of the wait.
  db.execute("PRAGMA wal_autocheckpoint=4096");
  auto store = store_number(db);
  return std::make_shared<open_tasks>(std::move(db), store);
}

} // namespace

} // namespace sqlite

caf::expected<task_store_actor>
open_task_store(caf::actor_system& system,
                const std::filesystem::path& directory) {
  auto file
    = directory.empty() ? std::filesystem::path{} : directory / "tasks.db";
  return sqlite::start_keeper<task_store_actor>(file, [&] {
    auto open = sqlite::open_tasks_in(file);
    sqlite::log.info("opened", "file={}", file.string());
    return system.spawn<caf::detached>(sqlite::keep_tasks, std::move(open));
  });
}

} // namespace orc
