// How TASKS comes to know what is in the store, and what changed there.

#include "actors/task/tasks.hpp"

#include <utility>

namespace orc {

void tasks_state::load() {
  if (std::exchange(loading_, true))
    return;
  self_->request(store_, caf::infinite, load_task_book{})
    .await(
      [this](const task_book_summary& x) {
        book_.clear(x, now());
        for (const auto& channel : serial_channels_)
          book_.set_serial(channel, true);
        load_from(0);
      },
      [this](caf::error& err) { self_->quit(std::move(err)); });
}

void tasks_state::load_from(task_book::key_type after) {
  self_->request(store_, caf::infinite, load_live_tasks{after})
    .await(
      [this](const live_tasks& x) {
        for (const auto& task : x.tasks)
          book_.put(task);
        if (!x.complete)
          return load_from(x.tasks.back().key);
        loading_ = false;
        for (auto group : book_.resetting())
          go_through(group, [](const caf::expected<task_groups>&) {
            // Whoever asked for it has gone with the process before.
          });
        tick();
      },
      [this](caf::error& err) { self_->quit(std::move(err)); });
}

void tasks_state::learn(const reworked_tasks& x) {
  for (auto key : x.gone)
    book_.drop(key);
  for (const auto& task : x.live)
    book_.put(task);
  serve_waiters();
  plan_tick();
}

} // namespace orc
