#include "actors/task/tasks.hpp"

#include "messages/base/log.hpp"

#include <utility>

namespace orc {

namespace {

constexpr logger log{"tasks"};

} // namespace

tasks_state::tasks_state(tasks_self::pointer self) : self_{self} {
  self_->set_down_handler([this](const caf::down_msg& x) { forget(x.source); });
}

tasks_self::behavior_type
tasks_state::make_behavior(task_store_actor store, const tasks_config& config) {
  store_ = std::move(store);
  config_ = config;
  load();
  return {
    [this](const get_loads& x) { return loads(x); },
    [this](const lose_worker& x) { return lose(x); },
    [this](const set_channel_rules& x) { return set_rules(x); },
    [this](const create_task_group& x) { return create_group(x); },
    [this](const change_task_group& x) { return change_group(x); },
    [this](const clean_task_groups& x) { return clean(x); },
    [this](const create_task& x) { return create(x); },
    [this](const create_tasks& x) { return create_all(x); },
    [this](const redrive_tasks& x) { return redrive(x); },
    [this](const change_task& x) { return change(x); },
    [this](const edit_task& x) { return edit(x); },
    [this](const patch_task& x) { return patch(x); },
    [this](const acquire_task& x) { return acquire(x); },
    [this](const stop_waiting& x) { dismiss(x); },
    [this](const release_task& x) { return release(x); },
    [this](const exchange_task& x) { return exchange(x); },
    [this](const extend_lease& x) { return extend(x); },
    [this](const return_task& x) { take_back(x); },
    [this](const set_task_limits& x) { return set_limits(x); },
    [this](const get_task_limits& x) { return limits(x); },
    [this](const explain_task& x) { return explain(x); },
    [this](const get_task_channels& x) { return channels(x); },
    [this](const task_event& x) { pass_on(x); },
    [this](const watch_channels& x) { watch(x.sink); },
    [this](const subscribe_tasks& x) { subscribe(x.sink); },
    [this](const unsubscribe_tasks& x) { unsubscribe(x.sink); },
    [this](const tasks_tick&) { tick(); },
    [](const tasks_turn& x) { x.go(); },
  };
}

void tasks_state::let_time_pass() {
  change_tasks out;
  auto back = book_.advance(now(), out);
  if (back.empty())
    return;
  log.info("leases-ended", "tasks={}", back.size());
  commit_unasked(std::move(out));
}

void tasks_state::commit(change_tasks out, std::function<void(stored_tasks&)> f,
                         std::function<void(const caf::error&)> failed) {
  self_->request(store_, caf::infinite, std::move(out))
    .then([f = std::move(f)](stored_tasks& shown) { f(shown); },
          [this, failed = std::move(failed)](const caf::error& err) {
            failed(err);
            log.error("tasks-unsaved", "error=\"{}\"", message_of(err));
            load();
          });
}

void tasks_state::commit(change_tasks out, tasks_promise promise,
                         std::function<void(stored_tasks&)> f) {
  commit(std::move(out), std::move(f),
         [promise](const caf::error& err) mutable { promise.deliver(err); });
}

void tasks_state::show_changed(change_tasks& out) {
  // All that happens to a task comes together.
  for (const auto& x : out.changes)
    if (out.show.empty() || out.show.back() != x.key)
      out.show.push_back(x.key);
}

void tasks_state::commit_unasked(change_tasks out) {
  show_changed(out);
  commit(
    std::move(out),
    [this](stored_tasks& shown) {
      for (const auto& x : shown.tasks)
        tell_task("task:update", x);
    },
    [](const caf::error&) {
      // Everything is read anew.
    });
}

tasks_self::behavior_type tasks(tasks_self::stateful_pointer<tasks_state> self,
                                task_store_actor store, tasks_config config) {
  return self->state.make_behavior(std::move(store), config);
}

} // namespace orc
