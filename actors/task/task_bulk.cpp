// What TASKS does with many tasks at once, and what it takes back.

#include "actors/task/tasks.hpp"
#include "messages/base/log.hpp"
#include "messages/task/object_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"tasks"};

/// @returns the keys of all parents that are named by id, or `ec::bad_field`.
caf::expected<std::vector<std::uint64_t>>
named_parents(const std::vector<task_child>& xs,
              std::vector<std::string>& ids) {
  std::vector<std::uint64_t> result;
  for (std::size_t i = 0; i < xs.size(); ++i)
    if (const auto& given = xs[i].task.parent_ids)
      for (const auto& id : *given) {
        auto key = key_of_object_id(id);
        if (!key)
          return make_error(ec::bad_field,
                            fmt::format("tasks[{}].parentIds: must be ids of "
                                        "24 hexadecimal digits, not `{}`",
                                        i, id));
        result.push_back(*key);
        ids.push_back(id);
      }
  return result;
}

} // namespace

caf::result<created_tasks> tasks_state::create_all(const create_tasks& x) {
  if (auto err = check_children(x.tasks, "tasks"))
    return err;
  auto promise = self_->make_response_promise<created_tasks>();
  if (x.token.empty()) {
    create_checked(x, promise);
    return promise;
  }
  self_->request(store_, caf::infinite, find_made{x.token})
    .await([promise](
             created_tasks& made) mutable { promise.deliver(std::move(made)); },
           [this, x, promise](caf::error& err) mutable {
             if (code_of(err) == ec::not_found)
               create_checked(x, promise);
             else
               promise.deliver(std::move(err));
           });
  return promise;
}

void tasks_state::create_checked(const create_tasks& x, made_promise promise) {
  std::vector<std::string> ids;
  auto named = named_parents(x.tasks, ids);
  if (!named)
    return static_cast<void>(promise.deliver(std::move(named.error())));
  if (named->empty())
    return create_graph(x, promise);
  self_->request(store_, caf::infinite, check_tasks{std::move(*named)})
    .await(
      [this, x, promise, ids](const checked_tasks& found) mutable {
        for (std::size_t i = 0; i < ids.size(); ++i)
          if (found.ids[i] != ids[i])
            return static_cast<void>(promise.deliver(make_error(
              ec::not_found,
              fmt::format("Cannot create task with missing parent : {}",
                          ids[i]))));
        create_graph(x, promise);
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
}

void tasks_state::create_graph(const create_tasks& x, made_promise promise) {
  let_time_pass();
  change_tasks out;
  live_group group;
  if (x.group_id.empty()) {
    group = {book_.next_group_key(), now(), x.is_paused};
    book_.put_group(group);
    out.group = save_task_group{group, x.group_name};
  } else if (const auto* known = group_of(x.group_id)) {
    group = *known;
  } else {
    return static_cast<void>(promise.deliver(
      make_error(ec::not_found,
                 fmt::format("TaskGroup with id {} not found!", x.group_id))));
  }
  out.show = book_.create_all(group.key, x.tasks, 0, 0, out);
  out.token = x.token;
  commit(
    std::move(out),
    [this, promise, id = book_.id_of_group(group),
     is_new = x.group_id.empty()](stored_tasks& made) mutable {
      if (is_new)
        tell_new_group(id);
      for (const auto& is : made.tasks)
        tell_task("task:create", is);
      promise.deliver(created_tasks{id, std::move(made.tasks)});
    },
    [promise](const caf::error& err) mutable { promise.deliver(err); });
  serve_waiters();
  plan_tick();
}

caf::result<redriven_tasks> tasks_state::redrive(const redrive_tasks& x) {
  rework_tasks request;
  request.kind = task_rework_kind::redrive;
  request.attempts = x.attempts;
  request.on_channel = x.channel;
  if (x.attempts < 1)
    return make_error(ec::bad_field, "remainingAttempts: must be at least 1");
  if (!x.group_id.empty()) {
    const auto* group = group_of(x.group_id);
    if (!group)
      return make_error(ec::not_found,
                        fmt::format("TaskGroup with id {} not found!",
                                    x.group_id));
    request.of_group = group->key;
  }
  for (const auto& id : x.ids) {
    auto key = key_of_object_id(id);
    if (!key)
      return make_error(ec::bad_field,
                        fmt::format("ids: must be ids of 24 hexadecimal "
                                    "digits, not `{}`",
                                    id));
    request.parents.push_back(*key);
  }
  auto promise = self_->make_response_promise<redriven_tasks>();
  if (x.ids.empty())
    redrive_some(std::move(request), 0, promise);
  else
    redrive_named(std::move(request), x.ids, promise);
  return promise;
}

void tasks_state::redrive_named(
  rework_tasks request, const std::vector<std::string>& ids,
  caf::typed_response_promise<redriven_tasks> promise) {
  self_->request(store_, caf::infinite, check_tasks{request.parents})
    .await(
      [this, request, ids, promise](const checked_tasks& found) mutable {
        std::vector<std::uint64_t> known;
        for (std::size_t i = 0; i < ids.size(); ++i)
          if (found.ids[i] == ids[i])
            known.push_back(request.parents[i]);
        // To name none would mean all.
        if (known.empty())
          return static_cast<void>(promise.deliver(redriven_tasks{}));
        request.parents = std::move(known);
        redrive_some(std::move(request), 0, promise);
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
}

void tasks_state::redrive_some(
  rework_tasks request, std::uint64_t count,
  caf::typed_response_promise<redriven_tasks> promise) {
  self_->request(store_, caf::infinite, request)
    .await(
      [this, request, count, promise](const reworked_tasks& done) mutable {
        learn(done);
        count += done.tasks.size();
        for (const auto& x : done.tasks)
          tell_task("task:update", x);
        if (done.tasks.empty() || !request.parents.empty())
          return static_cast<void>(promise.deliver(redriven_tasks{count}));
        request.key = *key_of_object_id(done.tasks.back().id);
        self_->send(self_,
                    tasks_turn{[this, request, count, promise]() mutable {
                      redrive_some(std::move(request), count, promise);
                    }});
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
}

void tasks_state::take_back(const return_task& x) {
  // Where the book is not known its lease ends.
  auto key = unreadable_ ? std::nullopt : find_live(x.id);
  if (!key || book_.check_lease(*key, x.worker)
      || book_.leased_at(*key) != x.assigned_at)
    return;
  log.info("answer-lost", "task={} worker={}", x.id, x.worker);
  let_time_pass();
  // Perhaps the worker has it nevertheless: such a task goes to nobody else.
  if (book_.leased_at(*key) && !book_.fails_on_lease_end(*key)) {
    change_tasks out;
    book_.give_back(*key, out);
    commit_unasked(std::move(out));
  }
  serve_waiters();
  plan_tick();
}

} // namespace orc
