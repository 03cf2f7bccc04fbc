#include "emulator/platform/run_engine.hpp"

#include "emulator/api/ids.hpp"

#include <utility>

namespace orc::emulator {

namespace {

constexpr auto max_restarts = 3;
constexpr auto restart_window = std::chrono::seconds{60};

std::unique_ptr<run> make_run(start_request& request) {
  auto x = std::make_unique<run>();
  x->id = new_id();
  x->owner = request.owner;
  x->actor = request.actor;
  x->actor_id = request.actor->id;
  x->build_id = request.actor->build.id;
  x->build_number = request.actor->build.number;
  x->task_id = std::move(request.task_id);
  x->options = std::move(request.options);
  x->meta = std::move(request.meta);
  x->started_at = now();
  x->live = std::make_unique<live_run>();
  return x;
}

std::string_view event_of(run_status status) {
  switch (status) {
    case run_status::succeeded:
      return "ACTOR.RUN.SUCCEEDED";
    case run_status::failed:
      return "ACTOR.RUN.FAILED";
    case run_status::timed_out:
      return "ACTOR.RUN.TIMED_OUT";
    default:
      return "ACTOR.RUN.ABORTED";
  }
}

} // namespace

run_engine::run_engine(engine_options options, agenda& plan,
                       account_book& accounts, run_registry& runs,
                       run_storages& storages, const journal& saved,
                       factory make_work)
  : options_(options), agenda_(plan), accounts_(accounts), runs_(runs),
    storages_(storages), saved_(saved), make_work_(std::move(make_work)),
    waiters_(plan) {
  // nop
}

run& run_engine::start(start_request request) {
  accounts_.reserve(*request.owner, request.options.memory_mbytes);
  auto& x = runs_.add(make_run(request));
  try {
    equip(x, request);
  } catch (const api_error&) {
    accounts_.release(*x.owner, x.options.memory_mbytes);
    runs_.remove(x);
    throw;
  }
  ++started_;
  ++x.actor->total_runs;
  x.actor->last_run_started_at = x.started_at;
  x.live->next_step
    = agenda_.at(x.started_at + options_.start_delay, [this, &x] { begin(x); });
  announce(x, "ACTOR.RUN.CREATED");
  return x;
}

/// Gives a new run its storages, its input and its webhooks.
void run_engine::equip(run& x, start_request& request) {
  x.storages = storages_.create_for_run(*x.owner, x.actor_id, x.id);
  if (request.input) {
    x.stats.input_bytes = static_cast<std::int64_t>(request.input->body.size());
    storages_.put_record(x.storages.key_value_store_id, x.input_key,
                         std::move(*request.input));
  }
  if (request.prepare)
    request.prepare(x);
  save(x);
}

/// Starts the work, of a new run or anew.
void run_engine::begin(run& x) {
  x.live->next_step.reset();
  if (x.status != run_status::running)
    runs_.set_status(x, run_status::running);
  save(x);
  x.live->running_since = now();
  if (!x.live->timeout)
    plan_timeout(x);
  logs_.say(x, "Starting Docker container.");
  x.live->work = make_work_(x, *this);
  const auto problem = x.live->work->start();
  if (problem.empty())
    return;
  logs_.say(x, problem);
  x.live->work.reset();
  x.exit_code = 1;
  finish(x, run_status::failed);
}

void run_engine::plan_timeout(run& x) {
  if (x.options.timeout_secs > 0)
    x.live->timeout
      = agenda_.at(now() + std::chrono::seconds{x.options.timeout_secs},
                   [this, &x] { time_out(x); });
}

void run_engine::time_out(run& x) {
  x.live->timeout.reset();
  if (x.status != run_status::running)
    return;
  logs_.say(x, "The Actor run has reached the timeout of "
                 + std::to_string(x.options.timeout_secs)
                 + " seconds, aborting it.");
  runs_.set_status(x, run_status::timing_out);
  x.live->work->kill();
}

void run_engine::refresh(run& x) const {
  if (is_finished(x.status))
    return;
  const auto hours = static_cast<double>(time_spent(x, now()).count()) / 3.6e6;
  const auto gigabytes = static_cast<double>(x.options.memory_mbytes) / 1024;
  x.usage_usd = hours * gigabytes * options_.usd_per_compute_unit;
}

void run_engine::on_log(run& which, std::string lines) {
  logs_.append(which, lines);
}

void run_engine::on_restart(run& which, restart_reason why) {
  switch (why) {
    case restart_reason::migration:
      ++which.stats.migrations;
      return logs_.say(which, "The Actor run was migrated to another server.");
    case restart_reason::reboot:
      ++which.stats.reboots;
      return logs_.say(which, "The Actor run was rebooted.");
    case restart_reason::error:
      ++which.stats.restarts;
  }
}

bool run_engine::may_restart(run& x) const {
  if (!x.options.restart_on_error)
    return false;
  auto& live = *x.live;
  if (live.restarts == 0 || now() - live.restarts_since > restart_window) {
    live.restarts = 0;
    live.restarts_since = now();
  }
  return live.restarts++ < max_restarts;
}

void run_engine::on_end(run& which, work_end how) {
  which.stats.ran_before = time_spent(which, now());
  refresh(which);
  which.live->work.reset();
  // A run that was told to end ends as it was told.
  if (which.status == run_status::aborting)
    return finish(which, run_status::aborted);
  if (which.status == run_status::timing_out)
    return finish(which, run_status::timed_out);
  if (how.aborted || how.timed_out)
    return finish(which,
                  how.aborted ? run_status::aborted : run_status::timed_out);
  which.exit_code = how.exit_code;
  if (how.exit_code == 0)
    return finish(which, run_status::succeeded);
  if (!may_restart(which))
    return finish(which, run_status::failed);
  on_restart(which, restart_reason::error);
  which.exit_code.reset();
  which.live->next_step = agenda_.at(now(), [this, &which] { begin(which); });
}

void run_engine::finish(run& x, run_status status) {
  refresh(x);
  if (x.scripted_usd)
    x.usage_usd = *x.scripted_usd;
  if (x.live->timeout)
    agenda_.cancel(*x.live->timeout);
  x.live.reset();
  x.finished_at = now();
  runs_.set_status(x, status);
  auto& used = accounts_.usage_of(*x.owner);
  used.spent_usd += x.usage_usd - x.billed_usd;
  x.billed_usd = x.usage_usd;
  used.compute_units += static_cast<double>(x.stats.ran_before.count()) / 3.6e6
                        * static_cast<double>(x.options.memory_mbytes) / 1024;
  release(x);
  logs_.say(x, "Actor run finished with status "
                 + std::string{to_string(status)} + ".");
  logs_.close(x);
  saved_.save_log(x);
  save(x);
  announce(x, event_of(status));
  waiters_.wake(x.id);
}

void run_engine::release(const run& x) {
  if (options_.release_lag.count() == 0)
    return accounts_.release(*x.owner, x.options.memory_mbytes);
  agenda_.at(now() + options_.release_lag,
             [this, owner = x.owner, memory = x.options.memory_mbytes] {
               accounts_.release(*owner, memory);
             });
}

void run_engine::announce(run& x, std::string_view event) {
  if (observe_)
    observe_(x, event);
}

} // namespace orc::emulator
