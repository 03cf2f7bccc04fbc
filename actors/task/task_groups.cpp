// What TASKS does with groups.

#include "actors/deliver_to.hpp"
#include "actors/task/tasks.hpp"
#include "messages/json/json.hpp"
#include "messages/task/object_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace orc {

namespace {

caf::error no_group(const std::string& id) {
  return make_error(ec::not_found,
                    fmt::format("TaskGroup with id {} not found!", id));
}

} // namespace

const live_group* tasks_state::group_of(const std::string& id) const {
  auto key = key_of_object_id(id);
  auto* known = key ? book_.find_group(*key) : nullptr;
  return known && book_.id_of_group(*known) == id ? known : nullptr;
}

caf::result<task_groups> tasks_state::create_group(const create_task_group& x) {
  auto promise = self_->make_response_promise<task_groups>();
  auto group = live_group{book_.next_group_key(), now(), x.is_paused};
  book_.put_group(group);
  set_group(group, x.name, "group:create", deliver_to<task_groups>(promise));
  return promise;
}

caf::result<task_groups> tasks_state::change_group(const change_task_group& x) {
  auto promise = self_->make_response_promise<task_groups>();
  auto answer = deliver_to<task_groups>(promise);
  const auto* known = group_of(x.id);
  if (!known) {
    // To remove what is not there is no mistake.
    if (x.verb == group_verb::remove)
      answer(task_groups{});
    else
      answer(no_group(x.id));
    return promise;
  }
  auto group = *known;
  switch (x.verb) {
    case group_verb::rename:
      // A request that names nothing changes nothing.
      set_group(group, x.name.empty() ? std::nullopt : std::optional{x.name},
                "", answer);
      break;
    case group_verb::pause:
    case group_verb::resume:
      group.is_paused = x.verb == group_verb::pause;
      book_.put_group(group);
      set_group(group, std::nullopt, "group:syncPause", answer);
      serve_waiters();
      plan_tick();
      break;
    case group_verb::reset:
      reset_group(group, answer);
      break;
    case group_verb::retry:
      retry_group(group, x.attempts, answer);
      break;
    case group_verb::remove:
      remove_group(group, answer);
      break;
  }
  return promise;
}

void tasks_state::set_group(const live_group& group,
                            std::optional<std::string> new_name,
                            const std::string& event, groups_answer f) {
  self_
    ->request(store_, caf::infinite,
              save_task_group{group, std::move(new_name)})
    .then(
      [this, event, f, paused = group.is_paused](task_groups& saved) {
        const auto& is = saved.groups.front();
        if (event == "group:create")
          tell(is.id, event, to_json(is));
        else if (!event.empty())
          tell(is.id, event, fmt::format(R"({{"isPaused":{}}})", paused));
        tell(is.id, "task_group:update", to_json(is));
        f(std::move(saved));
      },
      [this, f, book = books_](caf::error& err) {
        f(std::move(err));
        load_in_place_of(book);
      });
}

void tasks_state::retry_group(const live_group& group, std::int64_t attempts,
                              groups_answer f) {
  rework_tasks request;
  request.kind = task_rework_kind::retry_slice;
  request.key = group.key;
  request.attempts = attempts;
  rework_slices(std::move(request), [this, f, id = book_.id_of_group(group)](
                                      caf::expected<task_groups> done) {
    if (done)
      tell(id, "group:retry", "null");
    f(std::move(done));
  });
}

void tasks_state::reset_group(const live_group& group, groups_answer f) {
  rework_tasks request;
  request.kind = task_rework_kind::begin_reset;
  request.key = group.key;
  request.until = std::max<task_book::key_type>(book_.last_task(), 1);
  begin_slices(std::move(request), std::move(f));
}

void tasks_state::remove_group(const live_group& group, groups_answer f) {
  find_task_groups question;
  question.id = book_.id_of_group(group);
  self_->request(store_, caf::infinite, std::move(question))
    .await(
      [this, key = group.key, f](const task_groups& was) {
        rework_tasks request;
        request.kind = task_rework_kind::begin_removal;
        request.key = key;
        // Those that are made meanwhile, too.
        request.until = std::numeric_limits<std::int64_t>::max();
        begin_slices(std::move(request),
                     [this, was, f](caf::expected<task_groups> done) {
                       if (!done)
                         return f(std::move(done));
                       for (const auto& x : was.groups)
                         tell(x.id, "group:delete", to_json(x));
                       f(was);
                     });
      },
      [f](caf::error& err) { f(std::move(err)); });
}

void tasks_state::begin_slices(rework_tasks request, groups_answer f) {
  self_->request(store_, caf::infinite, request)
    .await(
      [this, request, f](const reworked_tasks&) {
        book_.hold_group(request.key, request.until);
        go_through(request.key, f);
      },
      [f](caf::error& err) { f(std::move(err)); });
}

void tasks_state::go_through(task_book::key_type group, groups_answer f) {
  const auto* known = book_.find_group(group);
  if (!known)
    return f(task_groups{});
  rework_tasks request;
  request.kind = task_rework_kind::next_slice;
  request.key = group;
  rework_slices(std::move(request),
                [this, group, f, id = book_.id_of_group(*known)](
                  caf::expected<task_groups> done) {
                  if (!done)
                    return f(std::move(done));
                  if (done->groups.empty()) {
                    book_.drop_group(group);
                  } else {
                    book_.hold_group(group, 0);
                    tell(id, "group:reset", "null");
                  }
                  serve_waiters();
                  plan_tick();
                  f(std::move(done));
                });
}

void tasks_state::rework_slices(rework_tasks request, groups_answer f) {
  self_->request(store_, caf::infinite, request)
    .await(
      [this, request, f](reworked_tasks& done) mutable {
        learn(done);
        if (done.next == 0)
          return f(task_groups{std::move(done.groups), 0});
        request.after = done.next;
        self_->send(
          self_, tasks_turn{[this, request, f] { rework_slices(request, f); }});
      },
      [this, f](caf::error& err) {
        f(std::move(err));
        load();
      });
}

caf::result<task_groups> tasks_state::clean(const clean_task_groups& x) {
  auto promise = self_->make_response_promise<task_groups>();
  find_task_groups question;
  question.created_before = x.created_before;
  question.limit = x.limit;
  self_->request(store_, caf::infinite, std::move(question))
    .then(
      [this, promise](const task_groups& found) mutable {
        remove_all(found.groups,
                   [promise, found]() mutable { promise.deliver(found); });
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
  return promise;
}

caf::result<found_open_tasks> tasks_state::has_open(const has_open_tasks& x) {
  const auto* group = group_of(x.group_id);
  return found_open_tasks{group && book_.has_open(group->key)};
}

void tasks_state::remove_all(std::vector<task_group> left,
                             std::function<void()> f) {
  if (left.empty())
    return f();
  const auto* group = group_of(left.back().id);
  left.pop_back();
  if (!group)
    return remove_all(std::move(left), std::move(f));
  remove_group(*group, [this, left, f](const caf::expected<task_groups>&) {
    remove_all(left, f);
  });
}

} // namespace orc
