// What TASKS does with single tasks, besides handing them out.

#include "actors/task/tasks.hpp"
#include "messages/json/crew_requests.hpp"
#include "messages/json/json.hpp"
#include "messages/task/copy.hpp"
#include "messages/task/object_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

caf::error no_task(const std::string& id) {
  return make_error(ec::not_found,
                    fmt::format("Task with id {} not found!", id));
}

caf::error no_parent(const std::string& id) {
  return make_error(ec::not_found,
                    fmt::format("Cannot create task with missing parent : {}",
                                id));
}

void give(caf::typed_response_promise<stored_tasks> to,
          caf::expected<stored_tasks> x) {
  if (x)
    to.deliver(std::move(*x));
  else
    to.deliver(std::move(x.error()));
}

/// @returns the keys of parents, or `ec::bad_field`.
caf::expected<std::vector<std::uint64_t>>
parent_keys(const task_definition& x) {
  std::vector<std::uint64_t> result;
  if (x.parent_ids)
    for (std::size_t i = 0; i < x.parent_ids->size(); ++i) {
      auto key = key_of_object_id((*x.parent_ids)[i]);
      if (!key)
        return make_error(ec::bad_field,
                          fmt::format("parentIds[{}]: must be an id of 24 "
                                      "hexadecimal digits, not `{}`",
                                      i, (*x.parent_ids)[i]));
      result.push_back(*key);
    }
  return result;
}

} // namespace

template <class F>
void tasks_state::with_parents(const task_definition& x, tasks_promise promise,
                               F f) {
  auto found = parent_keys(x);
  if (!found)
    return give(promise, std::move(found.error()));
  auto& wanted = *found;
  auto all_known = true;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    all_known
      &= book_.has(wanted[i]) && book_.id_of(wanted[i]) == (*x.parent_ids)[i];
  if (all_known)
    return f(std::move(wanted), std::vector<std::string>{});
  // The others are complete, or not there.
  self_->request(store_, caf::infinite, check_tasks{wanted})
    .await(
      [wanted, ids = *x.parent_ids, f](checked_tasks& checked) mutable {
        std::vector<std::string> missing;
        std::vector<std::uint64_t> known;
        for (std::size_t i = 0; i < wanted.size(); ++i)
          if (checked.ids[i] == ids[i])
            known.push_back(wanted[i]);
          else
            missing.push_back(ids[i]);
        f(std::move(known), std::move(missing));
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
}

caf::result<stored_tasks> tasks_state::create(const create_task& x) {
  auto promise = self_->make_response_promise<stored_tasks>();
  with_parents(x.definition, promise,
               [this, x,
                promise](keys parents,
                         const std::vector<std::string>& missing) mutable {
                 if (!missing.empty())
                   return give(promise, no_parent(missing.front()));
                 create_with(x, parents, promise);
               });
  return promise;
}

void tasks_state::create_with(const create_task& x, const keys& parents,
                              tasks_promise promise) {
  const auto* group = group_of(x.group_id);
  if (!group)
    return give(
      promise,
      make_error(ec::not_found,
                 fmt::format("TaskGroup with id {} not found!", x.group_id)));
  let_time_pass();
  change_tasks out;
  out.show = {book_.create(group->key, x.definition, parents, out)};
  commit(std::move(out), promise, [this, promise](stored_tasks& made) mutable {
    tell_task("task:create", made.tasks.front());
    promise.deliver(std::move(made));
  });
  serve_waiters();
  plan_tick();
}

caf::result<stored_tasks> tasks_state::change(const change_task& x) {
  auto promise = self_->make_response_promise<stored_tasks>();
  auto key = key_of_object_id(x.id);
  if (!key) {
    promise.deliver(no_task(x.id));
    return promise;
  }
  auto kind = task_rework_kind::remove_task;
  switch (x.verb) {
    case task_verb::pluck:
      pluck(x.id, promise);
      return promise;
    case task_verb::reset:
      kind = task_rework_kind::reset_task;
      break;
    case task_verb::retry:
      kind = task_rework_kind::retry_task;
      break;
    case task_verb::remove:
      break;
  }
  rework_tasks request;
  request.kind = kind;
  request.key = *key;
  request.attempts = x.attempts;
  rework_task(std::move(request), x.id, promise);
  return promise;
}

caf::result<stored_tasks> tasks_state::edit(const edit_task& x) {
  return redefine(x.id, [is = x.definition](const task&) {
    return caf::expected<task_definition>{is};
  });
}

caf::result<stored_tasks> tasks_state::patch(const patch_task& x) {
  return redefine(x.id, [changes = x.changes](const task& is) {
    return edit_crew_task(is, changes.view());
  });
}

/// @param wanted says by what a task is what it shall be.
template <class F>
caf::result<stored_tasks>
tasks_state::redefine(const std::string& id, F wanted) {
  auto promise = self_->make_response_promise<stored_tasks>();
  find_tasks question;
  question.id = id;
  // No step begins until it is written: nobody changes the task in between.
  self_->request(store_, caf::infinite, std::move(question))
    .await(
      [this, wanted, promise](const stored_tasks& found) mutable {
        const auto& is = found.tasks.front();
        if (auto definition = wanted(is))
          put_in_place(is, *definition, promise);
        else
          give(promise, std::move(definition.error()));
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
  return promise;
}

void tasks_state::put_in_place(const task& of, const task_definition& is,
                               tasks_promise promise) {
  with_parents(is, promise,
               [this, of, is,
                promise](keys parents,
                         const std::vector<std::string>& missing) mutable {
                 if (auto err = check_new_parents(of, parents, missing))
                   return give(promise, std::move(err));
                 rework_tasks request;
                 request.kind = task_rework_kind::edit_task;
                 request.key = *key_of_object_id(of.id);
                 request.definition = is;
                 request.parents = std::move(parents);
                 do_rework(std::move(request), promise);
               });
}

caf::error
tasks_state::check_new_parents(const task& x, keys parents,
                               const std::vector<std::string>& missing) const {
  const auto& before = x.parent_ids;
  for (const auto& id : missing)
    if (std::find(before.begin(), before.end(), id) == before.end())
      return no_parent(id);
  for (const auto& id : before)
    std::erase(parents, key_of_object_id(id));
  if (book_.would_wait_for_itself(*key_of_object_id(x.id), std::move(parents)))
    return make_error(ec::bad_field, "parentIds: it would wait for itself");
  return {};
}

void tasks_state::rework_task(rework_tasks request, const std::string& id,
                              tasks_promise promise) {
  self_->request(store_, caf::infinite, check_tasks{{request.key}})
    .await(
      [this, request, id, promise](const checked_tasks& found) mutable {
        if (found.ids.front() != id)
          return give(promise, no_task(id));
        do_rework(std::move(request), promise);
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
}

void tasks_state::do_rework(rework_tasks request, tasks_promise promise) {
  self_->request(store_, caf::infinite, std::move(request))
    .await(
      [this, promise](reworked_tasks& done) mutable {
        learn(done);
        for (const auto& x : done.removed)
          tell_task("task:delete", x);
        for (const auto& x : done.tasks)
          tell_task("task:update", x);
        promise.deliver(stored_tasks{std::move(done.tasks), {}});
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
}

void tasks_state::pluck(const std::string& id, tasks_promise promise) {
  find_tasks question;
  question.id = id;
  self_->request(store_, caf::infinite, std::move(question))
    .await(
      [this, promise](const stored_tasks& found) mutable {
        pluck_known(found.tasks.front(), promise);
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
}

void tasks_state::pluck_known(const task& x, tasks_promise promise) {
  auto group = live_group{book_.next_group_key(), now(), true};
  book_.put_group(group);
  set_group(group, "Pluck Task " + x.id, "group:create",
            [](const caf::expected<task_groups>&) {
              // Whoever asked is told of the task.
            });
  create_with({book_.id_of_group(group), copy_of(x)}, {}, promise);
}

} // namespace orc
