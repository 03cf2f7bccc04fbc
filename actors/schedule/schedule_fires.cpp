// What SCHEDULES does when a time has come.

#include "actors/schedule/schedules.hpp"
#include "messages/base/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"schedules"};

/// How often it is looked whether a time that waits may come.
constexpr auto queue_pace = 500ms;

/// When a store or an orchestrator that is not there is asked again.
constexpr auto retry_pace = 2s;

constexpr std::size_t most_fires = 20;

/// @returns whether to ask again: nothing is wrong with what was asked for.
bool is_passing(const caf::error& x) {
  return code_of(x) == ec::store_failed || code_of(x) == ec::stopping;
}

} // namespace

void schedules_state::look(const desk_ptr& x) {
  auto now = config_.clock();
  if (x->is_gone)
    return;
  auto next = next_of(*x);
  if (!next || *next > now)
    return;
  auto before = x->is.firing.size();
  for (auto due : x->times.due(x->is.looked_until, now))
    x->is.firing.push_back(due);
  log.debug("times-come", "name={} count={}", x->is.is.name,
            x->is.firing.size() - before);
  x->is.looked_until = now;
}

void schedules_state::go_on(const desk_ptr& x) {
  if (x->is_busy || x->is_gone || !can_make(*x))
    return;
  if (x->is.firing.empty())
    return try_queued(x);
  auto due = x->is.firing.front();
  if (!is_by_hand(*x, due) && config_.clock() < x->times.at(due))
    return plan_tick();
  x->is_busy = true;
  // First it is durable that this time has come.
  save(x, [this, x, due](const caf::error& err) {
    if (err)
      return retry_soon(x);
    if (std::exchange(x->is_resumed, false))
      adopt_or_begin(x, due);
    else
      begin(x, due);
  });
}

void schedules_state::begin(const desk_ptr& x, timestamp due) {
  if (x->is.is.overlap == overlap_policy::allow || !x->is.last_made
      || is_by_hand(*x, due))
    return make(x, due);
  ask_whether_open(*x->is.last_made,
                   [this, x, due](bool is_open) { judge(x, due, is_open); });
}

void schedules_state::judge(const desk_ptr& x, timestamp due, bool is_open) {
  if (!is_open)
    return make(x, due);
  switch (x->is.is.overlap) {
    case overlap_policy::abort:
      return abort_last(x, [this, x, due] { make(x, due); });
    case overlap_policy::queue:
      if (!x->is.queued)
        return enqueue(x, due);
      [[fallthrough]];
    default: {
      schedule_fire fire;
      fire.due = due;
      fire.outcome = fire_outcome::skipped;
      settle(x, std::move(fire));
    }
  }
}

void schedules_state::ask_whether_open(const schedule_fire& x,
                                       std::function<void(bool)> f) {
  // What cannot be found out counts as open, what is gone does not.
  auto failed = [f](const caf::error& err) {
    f(code_of(err) != ec::not_found && code_of(err) != ec::unknown_run);
  };
  if (x.run_name) {
    auto ref = run_ref{x.run_space.value_or("default"), *x.run_name};
    self_->request(parts_.orchestrator, caf::infinite, get_run{ref})
      .then([f](const run& found) { f(!is_final(found.state)); }, failed);
    return;
  }
  if (!x.task_id) {
    self_
      ->request(parts_.tasks, caf::infinite,
                has_open_tasks{x.group_id.value_or("")})
      .then([f](const found_open_tasks& found) { f(found.any); }, failed);
    return;
  }
  find_tasks question;
  question.id = *x.task_id;
  self_->request(parts_.store, caf::infinite, std::move(question))
    .then(
      [f](const stored_tasks& found) {
        const auto& is = found.tasks.front();
        f(!is.is_complete && is.remaining_attempts > 0);
      },
      failed);
}

void schedules_state::abort_last(const desk_ptr& x, std::function<void()> f) {
  const auto& last = *x->is.last_made;
  log.info("aborted-last", "name={} due={}", x->is.is.name,
           to_string(last.due));
  // What cannot be aborted is gone, or done by now.
  auto failed = [f](const caf::error&) { f(); };
  if (last.run_name) {
    auto ref = run_ref{last.run_space.value_or("default"), *last.run_name};
    self_->request(parts_.orchestrator, caf::infinite, abort_named_run{ref})
      .then([f](const run&) { f(); }, failed);
    return;
  }
  if (last.task_id) {
    self_
      ->request(parts_.tasks, caf::infinite,
                change_task{task_verb::remove, *last.task_id})
      .then([f](const stored_tasks&) { f(); }, failed);
    return;
  }
  self_
    ->request(parts_.tasks, caf::infinite,
              change_task_group{group_verb::remove, last.group_id.value_or("")})
    .then([f](const task_groups&) { f(); }, failed);
}

// -- making -------------------------------------------------------------------

void schedules_state::adopt_or_begin(const desk_ptr& x, timestamp due) {
  auto target = read_schedule_target(x->is.is, x->is.created_at, due);
  if (!target)
    return fail(x, due, target.error());
  auto begin_it = [this, x, due](const caf::error&) { begin(x, due); };
  // To make it again finds what was made.
  if (target->run)
    self_
      ->request(parts_.orchestrator, caf::infinite,
                get_run{{target->run->space, target->run->name}})
      .then([this, x, due](const run&) { make(x, due); }, begin_it);
  else
    self_->request(parts_.store, caf::infinite, find_made{target->tasks->token})
      .then([this, x, due](const created_tasks&) { make(x, due); }, begin_it);
}

void schedules_state::make(const desk_ptr& x, timestamp due) {
  if (x->is_gone)
    return;
  auto target = read_schedule_target(x->is.is, x->is.created_at, due);
  if (!target)
    fail(x, due, target.error());
  else if (target->run)
    make_run(x, due, std::move(*target->run));
  else
    make_tasks(x, due, std::move(*target->tasks), target->is_one_task);
}

void schedules_state::make_tasks(const desk_ptr& x, timestamp due,
                                 create_tasks request, bool one) {
  self_->request(parts_.tasks, caf::infinite, std::move(request))
    .then(
      [this, x, due, one](const created_tasks& made) {
        schedule_fire fire;
        fire.due = due;
        fire.group_id = made.group_id;
        if (one && !made.tasks.empty())
          fire.task_id = made.tasks.front().id;
        settle(x, std::move(fire));
      },
      [this, x, due](const caf::error& err) { fail(x, due, err); });
}

void schedules_state::make_run(const desk_ptr& x, timestamp due,
                               run_request request) {
  schedule_fire fire;
  fire.due = due;
  fire.run_name = request.name;
  fire.run_space = request.space;
  submit_runs question;
  question.runs.push_back(std::move(request));
  self_->request(parts_.orchestrator, caf::infinite, std::move(question))
    .then([this, x, fire](const submitted_runs&) { settle(x, fire); },
          [this, x, due](const caf::error& err) { fail(x, due, err); });
}

void schedules_state::fail(const desk_ptr& x, timestamp due,
                           const caf::error& why) {
  if (is_passing(why))
    return retry_soon(x);
  log.error("schedule-failed", "name={} due={} error=\"{}\"", x->is.is.name,
            to_string(due), message_of(why));
  schedule_fire fire;
  fire.due = due;
  fire.outcome = fire_outcome::failed;
  fire.error = message_of(why);
  settle(x, std::move(fire));
}

void schedules_state::retry_soon(const desk_ptr& x) {
  x->is_busy = false;
  // It may have been made, and only its answer be lost.
  x->is_resumed = true;
  plan_tick_of(x, retry_pace);
}

void schedules_state::settle(const desk_ptr& x, schedule_fire fire) {
  fire.at = config_.clock();
  auto& is = x->is;
  std::erase(is.firing, fire.due);
  std::erase(is.by_hand, fire.due);
  is.made += fire.outcome == fire_outcome::made ? 1 : 0;
  is.skipped += fire.outcome == fire_outcome::skipped ? 1 : 0;
  is.failed += fire.outcome == fire_outcome::failed ? 1 : 0;
  if (fire.outcome == fire_outcome::made) {
    is.last_made = fire;
    log.info("fired", "name={} due={}", is.is.name, to_string(fire.due));
  }
  is.fires.insert(is.fires.begin(), fire);
  if (is.fires.size() > most_fires)
    is.fires.resize(most_fires);
  save(x, [this, x, due = fire.due](const caf::error& err) {
    x->is_busy = false;
    if (auto asked = x->askers.extract(due); !asked.empty()) {
      if (err)
        asked.mapped()(err);
      else
        asked.mapped()(schedule_views{{view_of(*x)}});
    }
    // What is not noted as done is found again by its token or its name.
    go_on(x);
    plan_tick();
  });
}

// -- a time that waits --------------------------------------------------------

void schedules_state::enqueue(const desk_ptr& x, timestamp due) {
  std::erase(x->is.firing, due);
  x->is.queued = due;
  save(x, [this, x](const caf::error&) {
    x->is_busy = false;
    go_on(x);
  });
}

void schedules_state::try_queued(const desk_ptr& x) {
  if (!x->is.queued || !x->is.last_made || x->is_waiting)
    return;
  x->is_busy = true;
  ask_whether_open(*x->is.last_made, [this, x](bool is_open) {
    x->is_busy = false;
    if (is_open) {
      x->is_waiting = true;
      plan_tick_of(x, queue_pace);
      // What has come meanwhile may have to be passed over.
      if (!x->is.firing.empty())
        go_on(x);
      return;
    }
    x->is.firing.insert(x->is.firing.begin(), *std::exchange(x->is.queued, {}));
    go_on(x);
  });
}

} // namespace orc
