// What workers ask of TASKS: a task, more time for it, to take it back, and to
// take it back for the next one.

#include "actors/task/tasks.hpp"
#include "messages/task/object_id.hpp"

#include <algorithm>
#include <utility>

namespace orc {

caf::result<stored_tasks> tasks_state::acquire(const acquire_task& x) {
  auto promise = self_->make_response_promise<stored_tasks>();
  if (x.token.empty())
    acquire_now(x, promise);
  else
    acquire_once(x, promise);
  return promise;
}

void tasks_state::acquire_now(const acquire_task& x, tasks_promise promise) {
  let_time_pass();
  change_tasks out;
  if (auto key = take(x, out))
    return hand_out(*key, std::move(out), promise);
  if (x.wait.count() == 0)
    return static_cast<void>(promise.deliver(stored_tasks{}));
  waiters_.add({x, promise, now() + x.wait});
  book_.await(x.channel);
  plan_tick();
}

std::optional<task_book::key_type>
tasks_state::take(const acquire_task& x, change_tasks& out) {
  return book_.acquire(x, x.lease.count() > 0 ? x.lease : config_.lease, out);
}

void tasks_state::hand_out(task_book::key_type key, change_tasks out,
                           tasks_promise promise) {
  out.show = {key};
  out.parents_of = book_.has_parents(key) ? key : 0;
  plan_tick();
  commit(std::move(out), promise, [this, promise](stored_tasks& found) mutable {
    tell_acquire(found.tasks.front());
    promise.deliver(std::move(found));
  });
}

std::optional<task_book::key_type>
tasks_state::find_live(const std::string& id) const {
  auto key = key_of_object_id(id);
  return key && book_.has(*key) && book_.id_of(*key) == id ? key : std::nullopt;
}

void tasks_state::find_complete(const std::string& id, tasks_promise promise,
                                std::function<void(stored_tasks&)> f) {
  find_tasks question;
  question.id = id;
  self_->request(store_, caf::infinite, std::move(question))
    .then([f = std::move(f)](stored_tasks& found) { f(found); },
          [promise](caf::error& err) mutable {
            promise.deliver(code_of(err) == ec::not_found ? make_error(
                              ec::not_found, "Unable to find task!")
                                                          : err);
          });
}

caf::expected<tasks_state::given_back>
tasks_state::give_back(task_book::key_type key, const release_task& x,
                       change_tasks& out) {
  if (auto err = book_.check_lease(key, x.worker))
    return err;
  task_book::effects effects;
  if (!x.error.empty()) {
    effects = book_.fail(key, x, out);
  } else {
    auto done = book_.complete(key, x, out);
    if (!done)
      return std::move(done.error());
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
  return given_back{key, effects.created.size(), effects.workgroup_until};
}

caf::result<stored_tasks> tasks_state::release(const release_task& x) {
  auto promise = self_->make_response_promise<stored_tasks>();
  if (auto key = find_live(x.id))
    release_known(*key, x, promise);
  else
    find_complete(x.id, promise, [promise](stored_tasks& found) mutable {
      promise.deliver(std::move(found));
    });
  return promise;
}

void tasks_state::release_known(task_book::key_type key, const release_task& x,
                                tasks_promise promise) {
  let_time_pass();
  change_tasks out;
  auto done = give_back(key, x, out);
  if (!done)
    return static_cast<void>(promise.deliver(std::move(done.error())));
  commit(std::move(out), promise,
         [this, promise, x, is = *done](stored_tasks& shown) mutable {
           tell_release(shown, is.created, x, is.workgroup_until);
           shown.tasks.resize(1);
           promise.deliver(std::move(shown));
         });
  serve_waiters();
  plan_tick();
}

caf::result<stored_tasks> tasks_state::exchange(const exchange_task& x) {
  auto promise = self_->make_response_promise<stored_tasks>();
  if (auto key = find_live(x.done.id))
    exchange_known(*key, x, promise);
  else
    find_complete(x.done.id, promise,
                  [this, promise, next = x.next](stored_tasks& found) {
                    hand_out_after(std::move(found), next, promise);
                  });
  return promise;
}

void tasks_state::exchange_known(task_book::key_type key,
                                 const exchange_task& x,
                                 tasks_promise promise) {
  let_time_pass();
  change_tasks out;
  auto done = give_back(key, x.done, out);
  if (!done)
    return static_cast<void>(promise.deliver(std::move(done.error())));
  auto next = take(x.next, out);
  if (next) {
    out.show.push_back(*next);
    out.parents_of = book_.has_parents(*next) ? *next : 0;
  }
  commit(std::move(out), promise,
         [this, promise, is = *done, how = x.done,
          has_next = next.has_value()](stored_tasks& shown) mutable {
           std::vector<task> answer{shown.tasks.front()};
           if (has_next) {
             answer.push_back(std::move(shown.tasks.back()));
             shown.tasks.pop_back();
           }
           tell_release(shown, is.created, how, is.workgroup_until);
           if (has_next)
             tell_acquire(answer.back());
           promise.deliver(
             stored_tasks{std::move(answer), std::move(shown.parents)});
         });
  serve_waiters();
  plan_tick();
}

/// The other half of an exchange whose task was complete before.
void tasks_state::hand_out_after(stored_tasks done, const acquire_task& x,
                                 tasks_promise promise) {
  let_time_pass();
  change_tasks out;
  auto key = take(x, out);
  if (!key) {
    promise.deliver(std::move(done));
    return;
  }
  out.show = {*key};
  out.parents_of = book_.has_parents(*key) ? *key : 0;
  plan_tick();
  commit(std::move(out), promise,
         [this, promise, done = std::move(done)](stored_tasks& found) mutable {
           tell_acquire(found.tasks.front());
           done.tasks.push_back(std::move(found.tasks.front()));
           done.parents = std::move(found.parents);
           promise.deliver(std::move(done));
         });
}

caf::result<stored_tasks> tasks_state::extend(const extend_lease& x) {
  auto promise = self_->make_response_promise<stored_tasks>();
  auto key = find_live(x.id);
  if (!key) {
    find_complete(x.id, promise, [promise](stored_tasks&) mutable {
      promise.deliver(make_error(ec::not_assigned, "Worker id did not match!"));
    });
    return promise;
  }
  let_time_pass();
  if (auto err = book_.check_lease(*key, x.worker)) {
    promise.deliver(std::move(err));
    return promise;
  }
  change_tasks out;
  book_.extend(*key, x.lease.count() > 0 ? x.lease : config_.lease, out);
  out.show = {*key};
  plan_tick();
  commit(std::move(out), promise, [promise](stored_tasks& shown) mutable {
    promise.deliver(std::move(shown));
  });
  return promise;
}

caf::result<task_channels> tasks_state::channels(const get_task_channels&) {
  let_time_pass();
  return book_.standings();
}

} // namespace orc
