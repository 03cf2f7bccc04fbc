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

template <class Answer, class Request>
caf::result<Answer>
tasks_state::step(caf::result<Answer> (tasks_state::*verb)(const Request&),
                  const Request& x) {
  if (unreadable_)
    return unreadable_;
  return (this->*verb)(x);
}

tasks_self::behavior_type
tasks_state::make_behavior(task_store_actor store, const tasks_config& config) {
  store_ = std::move(store);
  config_ = config;
  load();
  return {
    [this](const get_loads& x) { return step(&tasks_state::loads, x); },
    [this](const lose_worker& x) { return step(&tasks_state::lose, x); },
    [this](const set_channel_rules& x) { return set_rules(x); },
    [this](const create_task_group& x) {
      return step(&tasks_state::create_group, x);
    },
    [this](const change_task_group& x) {
      return step(&tasks_state::change_group, x);
    },
    [this](const clean_task_groups& x) { return step(&tasks_state::clean, x); },
    [this](const has_open_tasks& x) { return step(&tasks_state::has_open, x); },
    [this](const create_task& x) { return step(&tasks_state::create, x); },
    [this](const create_tasks& x) { return step(&tasks_state::create_all, x); },
    [this](const redrive_tasks& x) { return step(&tasks_state::redrive, x); },
    [this](const change_task& x) { return step(&tasks_state::change, x); },
    [this](const edit_task& x) { return step(&tasks_state::edit, x); },
    [this](const patch_task& x) { return step(&tasks_state::patch, x); },
    [this](const acquire_task& x) { return step(&tasks_state::acquire, x); },
    [this](const stop_waiting& x) { dismiss(x); },
    [this](const release_task& x) { return step(&tasks_state::release, x); },
    [this](const exchange_task& x) { return step(&tasks_state::exchange, x); },
    [this](const extend_lease& x) { return step(&tasks_state::extend, x); },
    [this](const return_task& x) { take_back(x); },
    [this](const set_task_limits& x) {
      return step(&tasks_state::set_limits, x);
    },
    [this](const get_task_limits& x) { return step(&tasks_state::limits, x); },
    [this](const explain_task& x) { return step(&tasks_state::explain, x); },
    [this](const get_task_channels& x) {
      return step(&tasks_state::channels, x);
    },
    [this](const task_event& x) { pass_on(x); },
    [this](const watch_channels& x) { watch(x.sink); },
    [this](const subscribe_tasks& x) { subscribe(x.sink); },
    [this](const unsubscribe_tasks& x) { unsubscribe(x.sink); },
    [this](const tasks_tick& x) {
      // Another one has taken the place of those before it.
      if (x.number == last_tick_)
        tick();
    },
    [](const tasks_turn& x) { x.go(); },
  };
}

void tasks_state::let_time_pass() {
  if (unreadable_)
    return;
  change_tasks out;
  auto back = book_.advance(now(), out);
  if (back.empty())
    return;
  log.info("leases-ended", "tasks={}", back.size());
  commit_unasked(std::move(out));
}

void tasks_state::commit(change_tasks out, std::function<void(stored_tasks&)> f,
                         std::function<void(const caf::error&)> failed) {
  // It was begun by a book that is not known any more.
  if (unreadable_)
    return failed(unreadable_);
  self_->request(store_, caf::infinite, std::move(out))
    .then([f = std::move(f)](stored_tasks& shown) { f(shown); },
          [this, failed = std::move(failed),
           book = books_](const caf::error& err) {
            failed(err);
            log.error("tasks-unsaved", "error=\"{}\"", message_of(err));
            load_in_place_of(book);
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
