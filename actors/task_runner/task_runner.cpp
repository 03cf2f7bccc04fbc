#include "actors/task_runner/task_runner.hpp"

#include "messages/base/log.hpp"
#include "messages/json/json.hpp"
#include "messages/json/task_run.hpp"
#include "messages/task/object_id.hpp"

#include <caf/sec.hpp>

#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"task-runner"};

constexpr auto worker_id = "task-runner";

/// Tasks of one channel that are runs at a time: more would wait for memory as
/// runs, where nobody can pass them any more.
constexpr std::size_t most_under_way = 200;

constexpr auto long_wait = 1h;

/// Longer than any run that somebody waits for.
constexpr auto no_end = 24h * 365;

/// Whether there is no ORCHESTRATOR any more: that says nothing about a run.
bool is_the_end(const caf::error& x) {
  return code_of(x) == ec::stopping || x == caf::sec::request_receiver_down;
}

} // namespace

task_runner_state::task_runner_state(task_runner_actor::pointer self)
  : self_{self} {
  // nop
}

task_runner_actor::behavior_type
task_runner_state::make_behavior(task_runner_parts parts,
                                 std::chrono::milliseconds lease) {
  parts_ = std::move(parts);
  lease_ = lease;
  self_->send(parts_.tasks, watch_channels{channel_sink{
                              caf::actor_cast<channel_sink>(self_)}});
  self_->delayed_send(self_, lease_ / 3, beat_now{});
  return {
    [this](const channel_seen& x) {
      if (x.name.starts_with(run_channel_prefix))
        ask(x.name);
    },
    [this](const beat_now&) { beat(); },
    [this](const ask_again& x) { ask(x.channel); },
  };
}

void task_runner_state::ask(const std::string& channel) {
  auto& state = channels_[channel];
  if (is_over_ || state.is_asked || state.under_way >= most_under_way)
    return;
  state.is_asked = true;
  acquire_task question;
  question.channel = channel;
  question.worker = worker_id;
  question.wait = long_wait;
  question.lease = lease_;
  self_->request(parts_.tasks, caf::infinite, std::move(question))
    .then(
      [this, channel](const stored_tasks& given) {
        channels_[channel].is_asked = false;
        if (!given.tasks.empty())
          take(given);
        ask(channel);
      },
      [this, channel](const caf::error& err) {
        channels_[channel].is_asked = false;
        log.warn("no-task", "channel={} error=\"{}\"", channel,
                 message_of(err));
        self_->delayed_send(self_, 1s, ask_again{channel});
      });
}

void task_runner_state::take(const stored_tasks& given) {
  const auto& is = given.tasks.front();
  auto channel = is.channel.value_or("");
  // One whose lease ended is known, and so is one that was reset.
  auto is_new = under_way_.insert_or_assign(is.id, task_state{channel, {}});
  if (is_new.second)
    ++channels_[channel].under_way;
  self_
    ->request(parts_.resets, caf::infinite,
              get_task_resets{key_of_object_id(is.id).value_or(0)})
    .then([this, given](const task_resets& x) { start(given, x.count); },
          [this, given](const caf::error& err) {
            if (err == caf::sec::unexpected_message)
              return start(given, 0);
            fail(given.tasks.front().id, err);
          });
}

void task_runner_state::start(const stored_tasks& given, std::uint64_t resets) {
  const auto& is = given.tasks.front();
  auto request = make_task_run(given, resets);
  if (!request)
    return fail(is.id, request.error());
  under_way_[is.id].run = request->name;
  submit_runs question;
  question.runs.push_back(std::move(*request));
  self_->request(parts_.orchestrator, caf::infinite, std::move(question))
    .then(
      [this, id = is.id](const submitted_runs& x) {
        const auto& run = x.runs.front().run;
        follow(id, {run.space, run.name});
      },
      [this, id = is.id](const caf::error& err) { fail(id, err); });
}

void task_runner_state::follow(const std::string& task, const run_ref& ref) {
  self_->request(parts_.orchestrator, caf::infinite, wait_run{ref, no_end})
    .then(
      [this, task](const run& x) {
        if (does(x.name, task))
          settle(task, x);
      },
      [this, task, name = ref.name](const caf::error& err) {
        if (does(name, task))
          fail(task, err);
      });
}

bool task_runner_state::does(const std::string& run_name,
                             const std::string& task) const {
  auto known = under_way_.find(task);
  return known != under_way_.end() && known->second.run == run_name;
}

void task_runner_state::settle(const std::string& task, const run& x) {
  release_task how;
  how.id = task;
  if (succeeded(x))
    how.output = json_text{render_run_output(x)};
  else
    how.error = json_text{render_run_error(x)};
  release(std::move(how));
}

void task_runner_state::fail(const std::string& task, const caf::error& why) {
  if (is_the_end(why)) {
    forget(task);
    return stop_asking();
  }
  release_task how;
  how.id = task;
  how.error = json_text{json_quote(message_of(why))};
  release(std::move(how));
}

std::string task_runner_state::forget(const std::string& task) {
  auto known = under_way_.extract(task);
  if (known.empty())
    return {};
  auto channel = std::move(known.mapped().channel);
  --channels_[channel].under_way;
  return channel;
}

void task_runner_state::stop_asking() {
  if (std::exchange(is_over_, true))
    return;
  for (const auto& [channel, state] : channels_)
    if (state.is_asked)
      self_->send(parts_.tasks, stop_waiting{channel, worker_id});
}

void task_runner_state::release(release_task how) {
  how.worker = worker_id;
  auto channel = forget(how.id);
  self_->request(parts_.tasks, caf::infinite, how)
    .then(
      [](const stored_tasks&) {
        // It is done.
      },
      [id = how.id](const caf::error& err) {
        log.warn("not-released", "task={} error=\"{}\"", id, message_of(err));
      });
  if (!channel.empty())
    ask(channel);
}

void task_runner_state::beat() {
  self_->delayed_send(self_, lease_ / 3, beat_now{});
  for (const auto& [id, is] : under_way_)
    self_
      ->request(parts_.tasks, caf::infinite,
                extend_lease{id, worker_id, lease_})
      .then(
        [](const stored_tasks&) {
          // It is still ours.
        },
        [id = id](const caf::error& err) {
          log.warn("no-heartbeat", "task={} error=\"{}\"", id, message_of(err));
        });
}

task_runner_actor::behavior_type
task_runner(task_runner_actor::stateful_pointer<task_runner_state> self,
            task_runner_parts parts, std::chrono::milliseconds lease) {
  return self->state.make_behavior(std::move(parts), lease);
}

} // namespace orc
