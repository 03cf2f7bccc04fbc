#include "actors/walk/task_processor.hpp"

#include "actors/walk/failure.hpp"
#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"
#include "messages/walk/page_words.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

/// @returns the last error of a task, as people read it.
std::string last_error(raw_object& task) {
  auto errors = task.array("errors");
  if (!errors || errors->empty())
    return "a worker failed";
  auto words
    = read_page_words(fmt::format(R"({{"error":{}}})", errors->back()));
  return words.error.value_or(errors->back());
}

/// @returns how a page ended whose task is as it says, or nothing if it goes
/// on.
std::optional<page_result> result_of(raw_object& task) {
  if (task.flag("isComplete")) {
    page_result result;
    auto words = read_page_words(task.raw("output"));
    words.error.reset();
    words.hopeless = false;
    take_words(result, std::move(words));
    return result;
  }
  if (task.has("remainingAttempts") && task.integer("remainingAttempts", 0) < 1)
    return failure(page_end::failed, last_error(task));
  return std::nullopt;
}

} // namespace

task_processor_actor::behavior_type
task_processor_state::make_behavior(tasks_actor tasks,
                                    open_page_processor how) {
  tasks_ = std::move(tasks);
  how_ = std::move(how);
  self_->send(tasks_, subscribe_tasks{caf::actor_cast<task_event_sink>(self_)});
  return {
    [this](const process_page& x) { return process(x); },
    [](const tell_progress&) {
      return failure(page_end::hopeless, "a task is no tracker");
    },
    [this](const stop_pages&) {
      while (!works_.empty()) {
        auto id = works_.begin()->first;
        remove(id);
        settle(id, failure(page_end::stopped, "stopped"));
      }
    },
    [this](const task_event& x) { hear(x); },
    [this](const task_overdue& x) {
      auto known = works_.find(x.id);
      if (known == works_.end() || known->second.turn != x.turn)
        return;
      remove(x.id);
      settle(x.id, failure(page_end::failed, "timed out: its worker was not "
                                             "done with it in its time"));
    },
  };
}

caf::result<page_result> task_processor_state::process(const process_page& x) {
  auto promise = self_->make_response_promise<page_result>();
  if (x.next)
    self_->send(x.next, page_turn{x.page, x.attempt, false});
  if (!group_.empty()) {
    create(x, promise);
    return promise;
  }
  waiting_.emplace_back(x, promise);
  if (std::exchange(is_making_group_, true))
    return promise;
  self_
    ->request(tasks_, caf::infinite,
              create_task_group{fmt::format("batch {}", how_.batch)})
    .then(
      [this](const task_groups& made) {
        group_ = made.groups.front().id;
        for (auto& [page, waits] : std::exchange(waiting_, {}))
          create(page, waits);
      },
      [this](const caf::error& err) {
        is_making_group_ = false;
        for (auto& [page, waits] : std::exchange(waiting_, {}))
          waits.deliver(failure(page_end::retry, message_of(err)));
      });
  return promise;
}

void task_processor_state::create(
  const process_page& x, caf::typed_response_promise<page_result> promise) {
  create_task request;
  request.group_id = group_;
  auto& is = request.definition;
  is.name = fmt::format("{} page {}", x.batch, x.page);
  is.channel = how_.processor.channel;
  auto key = fmt::format("batch/{}/page-{}{}", x.batch, x.page,
                         x.only.empty() ? "" : "/again");
  is.key = key;
  is.priority = static_cast<double>(how_.processor.priority);
  // Who tries again is the batch.
  is.remaining_attempts = 1;
  is.error_delay_secs = 0;
  is.fails_on_lease_end = how_.mode == retry_mode::at_most_once;
  is.input = json_text{render_page(x)};
  work begun{key, x.page, x.attempt, x.timeout, x.next, promise, {}, 0};
  self_->request(tasks_, caf::infinite, std::move(request))
    .then(
      [this, begun](const stored_tasks& made) {
        works_.emplace(made.tasks.front().id, begun);
      },
      [promise](const caf::error& err) mutable {
        promise.deliver(failure(page_end::retry, message_of(err)));
      });
}

void task_processor_state::hear(const task_event& x) {
  if (works_.empty())
    return;
  auto told = raw_object::read(x.data.view());
  if (!told)
    return;
  if (x.name == "task:update")
    hear_of_task(*told);
  else if (x.name == "task:release:key")
    hear_of_key(*told);
}

void task_processor_state::hear_of_task(raw_object& told) {
  auto id = told.text("_id").value_or("");
  if (works_.count(id) > 0)
    if (auto how = result_of(told))
      return settle(id, std::move(*how));
  if (told.text("channel").value_or("") != how_.processor.channel)
    return;
  auto key = told.text("key").value_or("");
  auto has_worker = !told.text("assignedTo").value_or("").empty();
  for (auto& [one, is] : works_)
    if (is.key == key && (has_worker || is.taken == id))
      give_turn(one, is, has_worker ? id : std::string{});
}

/// Of all tasks of a key one is done, and all have its result.
void task_processor_state::hear_of_key(raw_object& told) {
  if (told.text("channel").value_or("") != how_.processor.channel)
    return;
  auto key = told.text("key").value_or("");
  auto update = raw_object::read(told.raw("update"));
  auto how = update ? result_of(*update) : std::nullopt;
  std::vector<std::string> ids;
  for (const auto& [id, one] : works_)
    if (how && one.key == key)
      ids.push_back(id);
  for (const auto& id : ids)
    settle(id, *how);
}

void task_processor_state::give_turn(const std::string& id, work& to,
                                     const std::string& taken) {
  if (to.taken == taken)
    return;
  to.taken = taken;
  ++to.turn;
  auto has_come = !taken.empty();
  if (has_come)
    self_->delayed_send(self_, to.timeout, task_overdue{id, to.turn});
  if (to.next)
    self_->send(to.next, page_turn{to.page, to.attempt, has_come});
}

void task_processor_state::settle(const std::string& id, page_result how) {
  auto known = works_.extract(id);
  if (!known.empty())
    known.mapped().promise.deliver(std::move(how));
}

void task_processor_state::remove(const std::string& id) {
  self_->request(tasks_, caf::infinite, change_task{task_verb::remove, id, 0})
    .then(
      [](const stored_tasks&) {
        // No worker gets it any more.
      },
      [](const caf::error&) {
        // It was gone already.
      });
}

task_processor_actor::behavior_type task_processor(
  task_processor_actor::stateful_pointer<task_processor_state> self,
  tasks_actor tasks, open_page_processor how) {
  return self->state.make_behavior(std::move(tasks), std::move(how));
}

} // namespace orc
