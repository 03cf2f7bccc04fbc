// How OPERATORS have endpoints do tasks.

#include "actors/operator/operators.hpp"
#include "messages/base/log.hpp"
#include "messages/json/json.hpp"
#include "messages/json/operator_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"operators"};

/// Calls to one endpoint at a time.
constexpr std::size_t most_in_flight = 32;

/// So many failures in a row, and an endpoint gets a rest.
constexpr std::uint32_t patience = 5;
constexpr auto first_rest = 30s;
constexpr auto longest_rest = 5min;

/// OPERATORS ask again when they were told of no task for so long.
constexpr auto long_wait = 1h;

/// What an answer may take on its way beyond the time-out of the call.
constexpr auto lease_margin = 30s;

/// Between two tries to give back what the store could not take.
constexpr auto release_pause = 1s;

} // namespace

caf::error operators_state::hire(const desk_ptr& x) {
  auto call
    = make_operator_call(x->is.url, x->is.request_config, config_.timeout);
  if (!call)
    return std::move(call.error());
  x->call = std::move(*call);
  x->worker = "operator_" + x->is.id;
  if (virtual_.contains(x->is.id) && !config_.virtual_token.empty())
    x->call.headers.emplace_back(
      "Authorization",
      secret{fmt::format("Bearer {}", config_.virtual_token.reveal())});
  ask(x);
  return {};
}

void operators_state::dismiss(const desk_ptr& x) {
  x->is.is_paused = true;
  if (x->is_asking)
    self_->send(parts_.tasks, stop_waiting{x->is.channel, x->worker});
}

bool operators_state::is_open(const desk& x) const {
  // One that was made is idle where there is a virtual one.
  auto is_idle = !config_.virtual_url.empty() && !virtual_.contains(x.is.id);
  if (is_idle || x.is.is_paused.value_or(false))
    return false;
  if (x.failures >= patience)
    // After its rest it shows first that it can do one.
    return x.in_flight == 0 && !is_resting(x);
  return x.in_flight < most_in_flight;
}

bool operators_state::is_resting(const desk& x) const {
  return now_here() < x.rests_until;
}

operators_state::time_point operators_state::now_here() const {
  return self_->clock().now();
}

void operators_state::ask(const desk_ptr& x) {
  if (x->is_asking || !is_open(*x))
    return;
  x->is_asking = true;
  acquire_task question;
  question.channel = x->is.channel;
  question.worker = x->worker;
  question.wait = long_wait;
  question.lease = x->call.timeout + lease_margin;
  self_->request(parts_.tasks, caf::infinite, std::move(question))
    .then(
      [this, x](const stored_tasks& given) {
        x->is_asking = false;
        if (!given.tasks.empty())
          take(x, given);
        ask(x);
      },
      [this, x](const caf::error& err) {
        x->is_asking = false;
        log.warn("no-task", "channel={} error=\"{}\"", x->is.channel,
                 message_of(err));
        self_->delayed_send(self_, 1s, try_operator{x->is.id});
      });
}

void operators_state::take(const desk_ptr& x, const stored_tasks& given) {
  const auto& is = given.tasks.front();
  if (!is_resting(*x) || is.fails_on_lease_end.value_or(false))
    return call(x, given);
  // It was on its way when the rest began.
  self_->send(parts_.tasks, return_task{is.id, x->worker,
                                        is.assigned_at.value_or(timestamp{})});
}

void operators_state::call(const desk_ptr& x, const stored_tasks& task) {
  ++x->in_flight;
  auto request = x->call;
  request.body = render_operator_body(task);
  self_->request(parts_.caller, caf::infinite, std::move(request))
    .then([this, x, id = task.tasks.front().id](
            const operator_answer& answer) { settle(x, id, answer); },
          [this, x, id = task.tasks.front().id](const caf::error& err) {
            settle(x, id, {0, {}, message_of(err)});
          });
}

void operators_state::settle(const desk_ptr& x, const std::string& task,
                             const operator_answer& answer) {
  --x->in_flight;
  note(x, answer);
  auto how = read_operator_answer(answer);
  how.id = task;
  how.worker = x->worker;
  release(x, std::move(how));
  ask(x);
}

void operators_state::release(const desk_ptr& x, release_task how) {
  auto failed = !how.error.empty();
  self_->request(parts_.tasks, caf::infinite, how)
    .then(
      [](const stored_tasks&) {
        // It is done.
      },
      [this, x, how, failed](const caf::error& err) {
        log.warn("not-released", "task={} error=\"{}\"", how.id,
                 message_of(err));
        if (code_of(err) == ec::store_failed)
          return release_later(x, how);
        if (failed || code_of(err) != ec::bad_field)
          return;
        // What it answered makes no sense, such as children that are no graph.
        auto instead = release_task{};
        instead.id = how.id;
        instead.worker = how.worker;
        instead.error = json_text{json_quote(message_of(err))};
        release(x, std::move(instead));
      });
}

void operators_state::release_later(const desk_ptr& x, release_task how) {
  if (unreleased_.empty())
    self_->delayed_send(self_, release_pause, release_again{});
  unreleased_.emplace_back(x, std::move(how));
}

void operators_state::release_all() {
  for (auto& [x, how] : std::exchange(unreleased_, {}))
    release(x, std::move(how));
}

void operators_state::note(const desk_ptr& x, const operator_answer& answer) {
  auto is_down
    = answer.status == 0 || answer.status == 429 || answer.status >= 500;
  if (!is_down) {
    x->failures = 0;
    x->rests_until = {};
    return;
  }
  // Calls that were under way when the rest began fail as those before.
  if (is_resting(*x) || ++x->failures < patience)
    return;
  auto rest = std::min<std::chrono::milliseconds>(
    first_rest * (1U << std::min(x->failures - patience, 10U)), longest_rest);
  x->rests_until = now_here() + rest;
  log.warn("operator-rests", "channel={} failures={} secs={}", x->is.channel,
           x->failures, rest / 1s);
  if (x->is_asking)
    self_->send(parts_.tasks, stop_waiting{x->is.channel, x->worker});
  self_->delayed_send(self_, rest, try_operator{x->is.id});
}

} // namespace orc
