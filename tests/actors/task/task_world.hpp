#pragma once

#include "actors/task/tasks.hpp"
#include "messages/task/marks.hpp"
#include "messages/task/object_id.hpp"
#include "persistence/sqlite/task_store.hpp"
#include "tests/support/quiet_config.hpp"
#include "tests/support/temp_folder.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <thread>
#include <vector>

namespace orc::test {

using namespace std::chrono_literals;

/// What stands between TASKS and its store, if anything does.
using store_guard
  = std::function<task_store_actor(caf::actor_system&, task_store_actor)>;

/// TASKS, asked from a thread.
class task_world {
public:
  explicit task_world(const std::filesystem::path& folder = {},
                      const store_guard& guard = {}) {
    auto opened = open_task_store(system_, folder);
    REQUIRE(opened);
    store_ = *opened;
    tasks_ = system_.spawn(tasks, guard ? guard(system_, store_) : store_,
                           tasks_config{60s});
  }

  ~task_world() {
    caf::scoped_actor self{system_};
    for (const auto& x : {caf::actor_cast<caf::actor>(tasks_),
                          caf::actor_cast<caf::actor>(store_)}) {
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
      self->wait_for(x);
    }
  }

  template <class Response, class Handle, class Message>
  caf::expected<Response> ask(const Handle& to, Message x) {
    caf::scoped_actor self{system_};
    caf::expected<Response> result{caf::error{}};
    self->request(to, 20s, std::move(x))
      .receive([&](Response& y) { result = std::move(y); },
               [&](caf::error& y) { result = std::move(y); });
    return result;
  }

  task_marks_actor marker() const {
    return caf::actor_cast<task_marks_actor>(store_);
  }

  task_marks marks() {
    return *ask<task_marks>(marker(), load_marks{});
  }

  std::string group() {
    return ask<task_groups>(tasks_, create_task_group{"g"})->groups[0].id;
  }

  task create(const std::string& group, task_definition x = {}) {
    x.channel = "c";
    return ask<stored_tasks>(tasks_, create_task{group, x})->tasks[0];
  }

  std::optional<task> acquire(const std::string& worker = "w") {
    acquire_task x;
    x.channel = "c";
    x.worker = worker;
    auto given = ask<stored_tasks>(tasks_, x);
    return given->tasks.empty() ? std::nullopt : std::optional{given->tasks[0]};
  }

  caf::expected<stored_tasks>
  release(const task& x, release_task how, const std::string& worker = "w") {
    how.id = x.id;
    how.worker = worker;
    return ask<stored_tasks>(tasks_, how);
  }

  static release_task with_output(const char* json) {
    release_task result;
    result.output = json_text{json};
    return result;
  }

  task show(const std::string& id) {
    find_tasks x;
    x.id = id;
    return ask<stored_tasks>(store_, x)->tasks[0];
  }

  std::vector<task> of_group(const std::string& id) {
    find_tasks x;
    x.group_id = id;
    return ask<stored_tasks>(store_, x)->tasks;
  }

  task_groups change(group_verb verb, const std::string& id) {
    change_task_group x;
    x.verb = verb;
    x.id = id;
    x.attempts = 2;
    return *ask<task_groups>(tasks_, x);
  }

  const tasks_actor& handle() const {
    return tasks_;
  }

  const task_store_actor& store() const {
    return store_;
  }

private:
  quiet_config config_;
  caf::actor_system system_{config_};
  task_store_actor store_;
  tasks_actor tasks_;
};

} // namespace orc::test
