// What workers ask of TASKS: a task, more time for it, and to take it back.

#include "actors/task/tasks.hpp"
#include "messages/task/object_id.hpp"

#include <algorithm>
#include <utility>

namespace orc {

caf::result<stored_tasks> tasks_state::acquire(const acquire_task& x) {
  auto promise = self_->make_response_promise<stored_tasks>();
  auto out = begin();
  auto lease = x.lease.count() > 0 ? x.lease : config_.lease;
  if (auto key = book_.acquire(x, lease, out)) {
    hand_out(*key, std::move(out), promise);
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
                           tasks_promise promise) {
  out.show = {key};
  out.show_parents = book_.has_parents(key);
  plan_tick();
  commit(std::move(out), promise, [this, promise](stored_tasks& found) mutable {
    tell_acquire(found.tasks.front());
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

} // namespace orc
