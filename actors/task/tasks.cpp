#include "actors/task/tasks.hpp"

#include "messages/base/log.hpp"
#include "messages/json/json.hpp"
#include "messages/task/object_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"tasks"};

/// However far away the next task is: clocks are set.
constexpr std::chrono::milliseconds longest_nap{60'000};

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
    [this](const acquire_task& x) { return acquire(x); },
    [this](const stop_waiting& x) {
      for (auto& waiter : waiters_.remove(x.channel, x.worker))
        waiter.promise.deliver(stored_tasks{});
    },
    [this](const release_task& x) { return release(x); },
    [this](const extend_lease& x) { return extend(x); },
    [this](const return_task& x) { take_back(x); },
    [this](const set_task_limits& x) { return set_limits(x); },
    [this](const get_task_limits& x) { return limits(x); },
    [this](const explain_task& x) { return explain(x); },
    [this](const get_task_channels& x) { return channels(x); },
    [this](const task_event& x) {
      for (const auto& sink : sinks_)
        self_->send(sink, x);
    },
    [this](const watch_channels& x) {
      channel_sinks_.push_back(x.sink);
      for (const auto& channel : book_.channels())
        self_->send(x.sink, channel_seen{channel});
    },
    [this](const subscribe_tasks& x) {
      self_->monitor(x.sink);
      sinks_.push_back(x.sink);
    },
    [this](const unsubscribe_tasks& x) {
      self_->demonitor(x.sink.address());
      forget(x.sink.address());
    },
    [this](const tasks_tick&) { tick(); },
    [](const tasks_turn& x) { x.go(); },
  };
}

// -- working ------------------------------------------------------------------

caf::result<stored_tasks> tasks_state::acquire(const acquire_task& x) {
  auto promise = self_->make_response_promise<stored_tasks>();
  auto out = begin();
  auto lease = x.lease.count() > 0 ? x.lease : config_.lease;
  if (auto key = book_.acquire(x, lease, out)) {
    hand_out(*key, std::move(out), x, promise);
    return promise;
  }
  commit_time(std::move(out));
  if (x.wait.count() == 0) {
    promise.deliver(stored_tasks{});
    return promise;
  }
  waiters_.add({x, promise, now() + x.wait});
  book_.await(x.channel);
  plan_tick();
  return promise;
}

void tasks_state::hand_out(task_book::key_type key, change_tasks out,
                           const acquire_task& x, tasks_promise promise) {
  out.show = {key};
  out.show_parents = book_.has_parents(key);
  plan_tick();
  commit(std::move(out), promise,
         [this, promise, worker = x.worker](stored_tasks& found) mutable {
           const auto& is = found.tasks.front();
           tell_task("task:update", is);
           if (is.key && !sinks_.empty())
             tell(is.group_id, "task:acquire:key",
                  fmt::format(R"({{"channel":{},"key":{},"update":)"
                              R"({{"assignedTo":{},"assignedAt":{}}}}})",
                              json_quote(is.channel.value_or("")),
                              json_quote(*is.key), json_quote(worker),
                              json_quote(to_string(*is.assigned_at))));
           promise.deliver(std::move(found));
         });
}

caf::result<stored_tasks> tasks_state::release(const release_task& x) {
  auto promise = self_->make_response_promise<stored_tasks>();
  auto key = key_of_object_id(x.id);
  if (key && book_.has(*key) && book_.id_of(*key) == x.id) {
    release_known(*key, x, promise);
    return promise;
  }
  // It may be complete: then it stays as it is.
  find_tasks question;
  question.id = x.id;
  self_->request(store_, caf::infinite, std::move(question))
    .then([promise](
            stored_tasks& found) mutable { promise.deliver(std::move(found)); },
          [promise](caf::error& err) mutable {
            promise.deliver(code_of(err) == ec::not_found ? make_error(
                              ec::not_found, "Unable to find task!")
                                                          : err);
          });
  return promise;
}

void tasks_state::release_known(task_book::key_type key, const release_task& x,
                                tasks_promise promise) {
  auto out = begin();
  auto refuse = [&](const caf::error& err) {
    commit_time(std::move(out));
    promise.deliver(err);
  };
  if (auto err = book_.check_lease(key, x.worker))
    return refuse(err);
  task_book::effects effects;
  if (!x.error.empty()) {
    effects = book_.fail(key, x, out);
  } else {
    auto done = book_.complete(key, x, out);
    if (!done)
      return refuse(done.error());
    effects = std::move(*done);
  }
  out.show = {key};
  if (!sinks_.empty()) {
    out.show.insert(out.show.end(), effects.created.begin(),
                    effects.created.end());
    for (auto freed : effects.freed)
      if (std::find(effects.created.begin(), effects.created.end(), freed)
          == effects.created.end())
        out.show.push_back(freed);
  }
  auto created = effects.created.size();
  commit(std::move(out), promise,
         [this, promise, created, x,
          until = effects.workgroup_until](stored_tasks& shown) mutable {
           tell_release(shown, created, x, until);
           shown.tasks.resize(1);
           promise.deliver(std::move(shown));
         });
  serve_waiters();
  plan_tick();
}

void tasks_state::tell_release(const stored_tasks& shown, std::size_t created,
                               const release_task& x,
                               const std::optional<timestamp>& until) {
  if (sinks_.empty())
    return;
  const auto& is = shown.tasks.front();
  tell_task("task:update", is);
  for (std::size_t i = 1; i < shown.tasks.size(); ++i)
    tell_task(i <= created ? "task:create" : "task:update", shown.tasks[i]);
  if (is.key) {
    auto failed = !x.error.empty();
    auto result = failed
                    ? fmt::format(R"("error":{},"executeMessageId":null,)"
                                  R"("examineMessageId":null)",
                                  x.error.view())
                    : fmt::format(R"("output":{})",
                                  x.output.empty() ? "null" : x.output.view());
    tell(is.group_id, "task:release:key",
         fmt::format(R"({{"channel":{},"key":{},"update":{{"assignedTo":null,)"
                     R"("assignedAt":null,"isComplete":{},"runAfter":{},)"
                     R"("remainingAttempts":{},{}}}}})",
                     json_quote(is.channel.value_or("")), json_quote(*is.key),
                     is.is_complete,
                     is.run_after ? json_quote(to_string(*is.run_after))
                                  : "null",
                     is.remaining_attempts, result));
  }
  if (until)
    tell(is.group_id, "workgroup:delay",
         fmt::format(R"({{"workgroup":{},"update":{{"runAfter":{}}}}})",
                     json_quote(is.workgroup.value_or("")),
                     json_quote(to_string(*until))));
}

caf::result<stored_tasks> tasks_state::extend(const extend_lease& x) {
  auto promise = self_->make_response_promise<stored_tasks>();
  auto out = begin();
  auto key = key_of_object_id(x.id);
  caf::error problem;
  if (!key || !book_.has(*key) || book_.id_of(*key) != x.id)
    problem = make_error(ec::not_found, "Unable to find task!");
  else
    problem = book_.check_lease(*key, x.worker);
  if (problem) {
    commit_time(std::move(out));
    promise.deliver(problem);
    return promise;
  }
  book_.extend(*key, x.lease.count() > 0 ? x.lease : config_.lease, out);
  out.show = {*key};
  plan_tick();
  commit(std::move(out), promise, [promise](stored_tasks& shown) mutable {
    promise.deliver(std::move(shown));
  });
  return promise;
}

caf::result<task_channels> tasks_state::channels(const get_task_channels& x) {
  auto promise = self_->make_response_promise<task_channels>();
  // How many there are in all is asked of the store. No step begins meanwhile:
  // how many of them live is known for the very same moment.
  self_->request(store_, caf::infinite, x)
    .await(
      [this, promise](task_channels& found) mutable {
        book_.count(found);
        promise.deliver(std::move(found));
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
  return promise;
}

void tasks_state::serve_waiters() {
  for (const auto& channel : book_.take_new_channels())
    for (const auto& sink : channel_sinks_)
      self_->send(sink, channel_seen{channel});
  for (auto news = book_.take_news(); !news.empty(); news = book_.take_news())
    for (const auto& channel : news) {
      serve_channel(channel);
      tell_watchers(channel);
    }
}

void tasks_state::serve_channel(const std::string& channel) {
  while (auto waiter = waiters_.take(channel)) {
    auto out = begin();
    const auto& x = waiter->request;
    auto lease = x.lease.count() > 0 ? x.lease : config_.lease;
    if (auto key = book_.acquire(x, lease, out)) {
      hand_out(*key, std::move(out), x, waiter->promise);
      continue;
    }
    waiters_.put_back(std::move(*waiter));
    book_.await(channel);
    return;
  }
}

void tasks_state::tick() {
  tick_at_.reset();
  for (auto& waiter : waiters_.expire(now()))
    waiter.promise.deliver(stored_tasks{});
  for (auto& watcher : watchers_.expire(now()))
    watcher.promise.deliver(loads_of(watcher.channels));
  commit_time(begin());
  serve_waiters();
  plan_tick();
}

// -- tools --------------------------------------------------------------------

change_tasks tasks_state::begin() {
  change_tasks out;
  auto back = book_.advance(now(), out);
  if (!back.empty())
    log.info("leases-ended", "tasks={}", back.size());
  return out;
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

void tasks_state::commit_time(change_tasks out) {
  if (out.changes.empty())
    return;
  for (const auto& x : out.changes)
    out.show.push_back(x.key);
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
          reset_some(group, 0, [](const caf::expected<task_groups>&) {
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

void tasks_state::tell(const std::string& room, std::string_view what,
                       std::string data) {
  auto event = task_event{room, std::string{what}, json_text{std::move(data)}};
  for (const auto& sink : sinks_)
    self_->send(sink, event);
}

void tasks_state::tell_task(std::string_view what, const task& x) {
  if (!sinks_.empty())
    tell(x.group_id, what, to_json(x));
}

void tasks_state::forget(const caf::actor_addr& sink) {
  std::erase_if(sinks_,
                [&](const task_event_sink& x) { return x.address() == sink; });
}

void tasks_state::plan_tick() {
  auto due = book_.next_due();
  for (auto end : {waiters_.next_end(), watchers_.next_end()})
    if (end && (!due || *end < *due))
      due = end;
  if (!due || (tick_at_ && *tick_at_ <= *due))
    return;
  auto nap
    = std::clamp(*due - now(), std::chrono::milliseconds{0}, longest_nap);
  tick_at_ = now() + nap;
  self_->delayed_send(self_, nap, tasks_tick{});
}

tasks_self::behavior_type tasks(tasks_self::stateful_pointer<tasks_state> self,
                                task_store_actor store, tasks_config config) {
  return self->state.make_behavior(std::move(store), config);
}

} // namespace orc
