// What TASKS says of limits, and why tasks wait.

#include "actors/task/tasks.hpp"
#include "messages/task/object_id.hpp"

#include <utility>

namespace orc {

caf::result<limit_standings> tasks_state::set_limits(const set_task_limits& x) {
  if (x.name.empty())
    return make_error(ec::bad_field, "name: must not be empty");
  if (x.limits)
    if (auto err = validate(*x.limits))
      return err;
  auto promise = self_->make_response_promise<limit_standings>();
  let_time_pass();
  auto full_at = book_.limit(x);
  auto answer
    = [promise, now = limit_standings{book_.limits({x.scope, x.name})}](
        const saved&) mutable { promise.deliver(std::move(now)); };
  auto failed = [this, promise](caf::error& err) mutable {
    promise.deliver(std::move(err));
    load();
  };
  if (x.limits)
    self_
      ->request(store_, caf::infinite,
                save_task_limit{{x.scope, x.name, *x.limits, full_at}})
      .then(answer, failed);
  else
    self_->request(store_, caf::infinite, drop_task_limit{x.scope, x.name})
      .then(answer, failed);
  serve_waiters();
  plan_tick();
  return promise;
}

caf::result<limit_standings> tasks_state::limits(const get_task_limits& x) {
  let_time_pass();
  return limit_standings{book_.limits(x)};
}

caf::result<task_standing> tasks_state::explain(const explain_task& x) {
  let_time_pass();
  auto key = key_of_object_id(x.id);
  if (key && book_.has(*key) && book_.id_of(*key) == x.id)
    return book_.explain(*key);
  auto promise = self_->make_response_promise<task_standing>();
  find_tasks question;
  question.id = x.id;
  self_->request(store_, caf::infinite, std::move(question))
    .then(
      [promise, id = x.id](const stored_tasks&) mutable {
        promise.deliver(
          task_standing{id, task_state::complete, "it is complete", {}});
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
  return promise;
}

} // namespace orc
