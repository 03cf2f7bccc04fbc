#include "persistence/sqlite/task_store.hpp"

#include "messages/base/log.hpp"
#include "persistence/sqlite/grouped_store.hpp"
#include "persistence/sqlite/integrity.hpp"
#include "persistence/sqlite/limit_table.hpp"
#include "persistence/sqlite/mark_table.hpp"
#include "persistence/sqlite/operator_table.hpp"
#include "persistence/sqlite/schedule_table.hpp"
#include "persistence/sqlite/schema.hpp"
#include "persistence/sqlite/task_group_table.hpp"
#include "persistence/sqlite/task_rework.hpp"
#include "persistence/sqlite/task_steps.hpp"
#include "persistence/sqlite/task_table.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

namespace orc {

namespace sqlite {

namespace {

constexpr logger log{"tasks"};

using task_keeper = task_store_actor::extend_with<task_marks_actor>::extend<
  caf::reacts_to<end_group>>;

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

class task_store_state {
public:
  static inline const char* name = "task-store";

  explicit task_store_state(task_keeper::pointer self) : self_{self} {
    // nop
  }

  task_store_state(const task_store_state&) = delete;

  task_store_state& operator=(const task_store_state&) = delete;

  /// Ends the open transaction: whoever asked gets an answer.
  ~task_store_state() {
    if (open_)
      open_->group.commit();
  }

  task_keeper::behavior_type make_behavior(std::shared_ptr<open_tasks> open) {
    open_ = std::move(open);
    auto& in = grouped_.emplace(self_, open_->group);
    auto& tasks = open_->tasks;
    auto& groups = open_->groups;
    auto& limits = open_->limits;
    auto& steps = open_->steps;
    auto& marks = open_->marks;
    auto& operators = open_->operators;
    auto& schedules = open_->schedules;
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
      [this](const end_group&) { open_->group.commit(); },
    };
  }

private:
  task_keeper::pointer self_;
  std::shared_ptr<open_tasks> open_;
  std::optional<grouped_store<task_keeper::pointer>> grouped_;
};

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

std::shared_ptr<open_tasks> open_database(const std::filesystem::path& file) {
  database db{file};
  check_version(db, task_migrations());
  check_integrity(db, integrity_check::quick);
  configure(db);
  migrate(db, task_migrations());
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
  try {
    auto open = sqlite::open_database(file);
    sqlite::log.info("opened", "file={}", file.string());
    auto actor = system.spawn<caf::detached>(sqlite::keep_tasks, open);
    return caf::actor_cast<task_store_actor>(actor);
  } catch (const sqlite::failure& problem) {
    auto message = message_of(problem.error());
    if (message.find(file.string()) != std::string::npos)
      return problem.error();
    return make_error(code_of(problem.error()),
                      fmt::format("{}: {}", file.string(), message));
  }
}

} // namespace orc
