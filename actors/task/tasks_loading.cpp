// How TASKS comes to know what is in the store, and what changed there.

#include "actors/task/tasks.hpp"
#include "messages/base/log.hpp"

#include <chrono>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// Not `log`: in a unity build that would be the one of all other files.
constexpr logger load_log{"tasks"};

/// When a store that could not be read is asked again.
constexpr auto reload_pause = 1s;

} // namespace

void tasks_state::load() {
  if (!std::exchange(loading_, true))
    load_book();
}

void tasks_state::load_in_place_of(std::uint64_t book) {
  // It was read anew since, for a step before.
  if (book == books_)
    load();
}

void tasks_state::load_book() {
  self_->request(store_, caf::infinite, load_task_book{})
    .await(
      [this](const task_book_summary& x) {
        book_.clear(x, now());
        for (const auto& channel : serial_channels_)
          book_.set_serial(channel, true);
        load_from(0);
      },
      [this](caf::error& err) { load_again(std::move(err)); });
}

void tasks_state::load_from(task_book::key_type after) {
  self_->request(store_, caf::infinite, load_live_tasks{after})
    .await(
      [this](const live_tasks& x) {
        for (const auto& task : x.tasks)
          book_.put(task);
        if (x.complete)
          end_load();
        else
          load_from(x.tasks.back().key);
      },
      [this](caf::error& err) { load_again(std::move(err)); });
}

void tasks_state::load_again(caf::error why) {
  // What cannot be read at the start is told by its end.
  if (books_ == 0 || code_of(why) != ec::store_failed)
    return self_->quit(std::move(why));
  if (!unreadable_)
    load_log.error("tasks-unread", "error=\"{}\"", message_of(why));
  unreadable_ = std::move(why);
  self_->delayed_send(self_, reload_pause, tasks_turn{[this] { load_book(); }});
}

void tasks_state::end_load() {
  loading_ = false;
  unreadable_ = {};
  ++books_;
  for (auto group : book_.resetting())
    go_through(group, [](const caf::expected<task_groups>&) {
      // Whoever asked for it has gone with the process before.
    });
  // The book knows nothing of those who wait.
  for (const auto& channel : waiters_.channels())
    serve_channel(channel);
  for (const auto& channel : watchers_.channels())
    tell_watchers(channel);
  tick();
}

void tasks_state::learn(const reworked_tasks& x) {
  // It will be read with all else.
  if (unreadable_)
    return;
  for (auto key : x.gone)
    book_.drop(key);
  for (const auto& task : x.live)
    book_.put(task);
  for (const auto& channel : x.channels)
    book_.count(channel);
  serve_waiters();
  plan_tick();
}

} // namespace orc
