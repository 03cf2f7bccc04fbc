#include "actors/pool/scheduler.hpp"

#include "messages/base/error.hpp"
#include "messages/base/log.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"scheduler"};

constexpr std::uint64_t page_size = 100;
constexpr std::chrono::seconds pause{5};

/// However far away it is: clocks are set.
constexpr std::chrono::milliseconds longest_nap{60'000};

} // namespace

scheduler_state::scheduler_state(scheduler_actor::pointer self) : self_{self} {
  // nop
}

scheduler_actor::behavior_type
scheduler_state::make_behavior(std::vector<pool_schedule> schedules,
                               scheduler_parts parts) {
  schedules_ = std::move(schedules);
  parts_ = std::move(parts);
  for (std::size_t i = 0; i < schedules_.size(); ++i)
    look({i, last_due(schedules_[i].every, now()), true, 0, false});
  return {[this](const schedule_due& x) {
    auto index = static_cast<std::size_t>(x.index);
    if (now() < x.due)
      return plan(index, x.due);
    // A machine that slept has missed some: the last one counts.
    look(
      {index, last_due(schedules_[index].every, now()), x.is_missed, 0, false});
  }};
}

/// Groups come newest first: those of a due time are not older than it.
void scheduler_state::look(search x) {
  find_task_groups question;
  question.limit = page_size;
  question.skip = x.skip;
  self_->request(parts_.store, caf::infinite, std::move(question))
    .then([this, x](const task_groups& found) { judge(x, found.groups); },
          [this, x](const caf::error& err) { failed(x, err); });
}

void scheduler_state::judge(search x, const std::vector<task_group>& groups) {
  auto wanted = name_of(x.index, x.due);
  auto every = schedules_[x.index].every;
  auto previous = name_of(x.index, x.due - every);
  for (const auto& group : groups) {
    if (group.name == wanted)
      return fill(x, group.id);
    x.had_previous = x.had_previous || group.name == previous;
  }
  auto since = x.is_missed ? x.due - every : x.due;
  if (groups.size() == page_size && groups.back().created_at >= since) {
    x.skip += page_size;
    return look(x);
  }
  if (x.is_missed && !x.had_previous)
    return plan(x.index, x.due + every);
  make_group(x);
}

void scheduler_state::make_group(const search& x) {
  self_
    ->request(parts_.tasks, caf::infinite,
              create_task_group{name_of(x.index, x.due)})
    .then([this, x](
            const task_groups& made) { make_task(x, made.groups.front().id); },
          [this, x](const caf::error& err) { failed(x, err); });
}

/// We may have been killed between the group and its task.
void scheduler_state::fill(const search& x, const std::string& group) {
  find_tasks question;
  question.group_id = group;
  question.limit = 1;
  self_->request(parts_.store, caf::infinite, std::move(question))
    .then(
      [this, x, group](const stored_tasks& found) {
        if (found.tasks.empty())
          make_task(x, group);
        else
          plan(x.index, x.due + schedules_[x.index].every);
      },
      [this, x](const caf::error& err) { failed(x, err); });
}

void scheduler_state::make_task(const search& x, const std::string& group) {
  const auto& is = schedules_[x.index];
  create_task request;
  request.group_id = group;
  request.definition.name = is.name;
  request.definition.channel = is.channel;
  request.definition.input = is.input;
  self_->request(parts_.tasks, caf::infinite, std::move(request))
    .then(
      [this, x](const stored_tasks&) {
        const auto& made = schedules_[x.index];
        log.info("task-made", "schedule={} due={}", made.name,
                 to_string(x.due));
        plan(x.index, x.due + made.every);
      },
      [this, x](const caf::error& err) { failed(x, err); });
}

void scheduler_state::failed(const search& x, const caf::error& err) {
  log.warn("task-not-made", "schedule={} error=\"{}\"",
           schedules_[x.index].name, message_of(err));
  self_->delayed_send(self_, pause, schedule_due{x.index, x.due, x.is_missed});
}

void scheduler_state::plan(std::size_t index, timestamp due) {
  auto nap = std::clamp(due - now(), std::chrono::milliseconds{0}, longest_nap);
  self_->delayed_send(self_, nap, schedule_due{index, due, false});
}

std::string scheduler_state::name_of(std::size_t index, timestamp due) const {
  return schedules_[index].name + " " + to_string(due);
}

scheduler_actor::behavior_type
scheduler(scheduler_actor::stateful_pointer<scheduler_state> self,
          std::vector<pool_schedule> schedules, scheduler_parts parts) {
  return self->state.make_behavior(std::move(schedules), std::move(parts));
}

} // namespace orc
