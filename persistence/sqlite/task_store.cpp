#include "persistence/sqlite/task_store.hpp"

#include "messages/base/log.hpp"
#include "persistence/sqlite/journaled_group.hpp"
#include "persistence/sqlite/keeper.hpp"
#include "persistence/sqlite/limit_table.hpp"
#include "persistence/sqlite/mark_table.hpp"
#include "persistence/sqlite/operator_table.hpp"
#include "persistence/sqlite/record_codec.hpp"
#include "persistence/sqlite/schedule_table.hpp"
#include "persistence/sqlite/task_group_table.hpp"
#include "persistence/sqlite/task_rework.hpp"
#include "persistence/sqlite/task_steps.hpp"
#include "persistence/sqlite/task_table.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace orc {

namespace sqlite {

namespace {

/// Not `log`: in a unity build that would be the one of all other files.
constexpr logger tasks_log{"tasks"};

/// What is written to the journal, and done again after a crash: all of it
/// depends on the request and the database alone.
using task_records
  = record_codec<change_tasks, save_task_group, rework_tasks, save_operator,
                 drop_operator, save_task_limit, drop_task_limit, save_schedule,
                 drop_schedule, follow_marks, drop_marks>;

struct open_tasks {
  /// @param journal its file; empty for none.
  open_tasks(database connection, const std::filesystem::path& journal,
             std::uint32_t store)
    : db{std::move(connection)}, tasks{db, store}, groups{db, store},
      limits{db}, tokens{db}, steps{tasks, groups, limits, tokens},
      rework{db, tasks, groups}, operators{db, store, tokens},
      marks{db, tasks, groups, steps, rework, operators}, schedules{db, tokens},
      group{db, journal, task_records::layout(),
            [this](std::string_view x) { apply_again(x); }} {
    // nop
  }

  auto apply(const change_tasks& x) {
    return marks.change(x);
  }

  auto apply(const save_task_group& x) {
    return marks.save(x);
  }

  auto apply(const rework_tasks& x) {
    return marks.rework(x);
  }

  auto apply(const save_operator& x) {
    return marks.put(x);
  }

  auto apply(const drop_operator& x) {
    return marks.remove(x);
  }

  auto apply(const save_task_limit& x) {
    return limits.save(x);
  }

  auto apply(const drop_task_limit& x) {
    return limits.drop(x);
  }

  auto apply(const save_schedule& x) {
    return schedules.save(x);
  }

  auto apply(const drop_schedule& x) {
    return schedules.drop(x);
  }

  auto apply(const follow_marks& x) {
    return marks.follow(x);
  }

  auto apply(const drop_marks& x) {
    return marks.drop(x);
  }

  void apply_again(std::string_view record) {
    task_records::read(record,
                       [this](const auto& x) { std::ignore = apply(x); });
  }

  database db;
  task_table tasks;
  task_group_table groups;
  limit_table limits;
  token_table tokens;
  task_steps steps;
  task_rework rework;
  operator_table operators;
  mark_table marks;
  schedule_table schedules;
  task_records records;
  /// A step of TASKS was lost, and TASKS has not read its book anew since.
  bool lost_step = false;
  // Last, so that it settles while all else is there.
  journaled_group group;
};

/// The record of a step with so many changes would be larger than what the
/// journal takes.
constexpr std::size_t too_many_for_journal = 2'000;

/// So much later, tasks.db has what its journal has: what other programs that
/// open it see.
constexpr std::chrono::seconds settle_after{1};

/// Has the database commit what the journal has.
struct settle_tasks {
  static constexpr auto fields = describe("settle_tasks", "Settles.");
};

using kept_tasks = task_store_actor::extend_with<task_marks_actor>::extend_with<
  task_resets_actor>::extend<caf::reacts_to<settle_tasks>>;

class task_store_state : public keeper<kept_tasks, open_tasks> {
public:
  static inline const char* name = "task-store";

  using keeper::keeper;

private:
  /// Does what a request says, and writes the request down.
  template <class Request>
  auto apply(const Request& x, std::size_t writes) {
    auto result = opened().apply(x);
    if (writes < too_many_for_journal)
      opened().group.record(opened().records.write(x));
    else
      opened().group.pass_by();
    return result;
  }

  /// The same in a group, which answers when it is durable.
  template <class Store, class Request>
  auto write(Store& in, const Request& x, std::size_t writes = 1) {
    return in.write([&] { return apply(x, writes); }, writes);
  }

  /// What TASKS does by its book, which it changes before it is
  /// answered: whatever comes behind a step that is lost may rest on it, and is
  /// refused until the book is read anew.
  template <class Store, class Request>
  auto write_step(Store& in, const Request& x, std::size_t writes = 1)
    -> decltype(write(in, x, writes)) {
    auto& open = opened();
    if (open.lost_step)
      return make_error(ec::store_failed, "a step before it was not stored");
    // Unless it comes to the end.
    open.lost_step = true;
    return in.write(
      [&] {
        auto result = apply(x, writes);
        open.group.defer(
          [&open](const caf::error& failed) { open.lost_step |= !!failed; });
        open.lost_step = false;
        return result;
      },
      writes);
  }

  /// The database has its share within a second.
  void end() {
    commit();
    if (settling_ || !opened().group.is_unsettled())
      return;
    settling_ = true;
    self()->delayed_send(self(), settle_after, settle_tasks{});
  }

public:
  actor::behavior_type make_behavior(std::shared_ptr<open_tasks> open) {
    auto& in = take(std::move(open));
    auto& tasks = opened().tasks;
    auto& groups = opened().groups;
    auto& tokens = opened().tokens;
    auto& steps = opened().steps;
    auto& marks = opened().marks;
    auto& rework = opened().rework;
    auto& operators = opened().operators;
    auto& schedules = opened().schedules;
    return {
      [&](const change_tasks& x) {
        return write_step(in, x, x.added.size() + x.changes.size());
      },
      [&](const save_task_group& x) { return write_step(in, x); },
      [&](const rework_tasks& x) { return write(in, x); },
      [&](const find_tasks& x) { return in.read(tasks, &task_table::find, x); },
      [&](const find_made& x) { return in.read(steps, &task_steps::find, x); },
      [&](const find_token& x) {
        return in.read(tokens, &token_table::find, x);
      },
      [&](const find_task_groups& x) {
        return in.read(groups, &task_group_table::find, x);
      },
      [&](const check_tasks& x) {
        return in.read(tasks, &task_table::check, x);
      },
      [&](const load_live_tasks& x) {
        return in.read(tasks, &task_table::load, x);
      },
      [&](const get_task_resets& x) {
        return in.read(rework, &task_rework::resets, x);
      },
      [&](const save_operator& x) { return write(in, x); },
      [&](const drop_operator& x) { return write(in, x); },
      [&](const save_task_limit& x) { return write(in, x); },
      [&](const drop_task_limit& x) { return write(in, x); },
      [&](const save_schedule& x) { return write(in, x); },
      [&](const drop_schedule& x) { return write(in, x); },
      [&](const load_schedules& x) {
        return in.read(schedules, &schedule_table::load, x);
      },
      [&](const load_operators& x) {
        return in.read(operators, &operator_table::load, x);
      },
      [&](const load_task_book& x) {
        opened().lost_step = false;
        return in.read(steps, &task_steps::summary, x);
      },
      [&](const follow_marks& x) -> caf::result<saved> {
        // As it is at nearly every start: nothing to write, and no journal.
        if (marks.is_followed() == x.on)
          return saved{};
        return write(in, x);
      },
      [&](const load_marks& x) { return in.read(marks, &mark_table::load, x); },
      [&](const get_last_mark& x) {
        return in.read(marks, &mark_table::last, x);
      },
      [&](const drop_marks& x) { return write(in, x); },
      [this](const end_group&) { end(); },
      [this](const settle_tasks&) {
        settling_ = false;
        opened().group.settle();
      },
    };
  }

private:
  bool settling_ = false;
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
  auto journal = file.empty() ? file : file.parent_path() / "tasks.journal";
  return std::make_shared<open_tasks>(std::move(db), journal, store);
}

} // namespace

void settle_task_copy(const std::filesystem::path& file) {
  // Its end settles what its beginning did again.
  std::ignore = open_tasks_in(file);
}

} // namespace sqlite

caf::expected<task_store_actor>
open_task_store(caf::actor_system& system,
                const std::filesystem::path& directory) {
  auto file
    = directory.empty() ? std::filesystem::path{} : directory / "tasks.db";
  return sqlite::start_keeper<task_store_actor>(file, [&] {
    auto open = sqlite::open_tasks_in(file);
    sqlite::tasks_log.info("opened", "file={}", file.string());
    return system.spawn<caf::detached>(sqlite::keep_tasks, std::move(open));
  });
}

} // namespace orc
