#include "emulator/platform/run_engine.hpp"
#include "emulator/platform/run_record.hpp"

#include <utility>

// What is asked of runs that exist; their life itself is in run_engine.cpp.

namespace orc::emulator {

namespace {

constexpr auto max_metamorphs = std::size_t{10};

} // namespace

void run_engine::abort(run& x, bool gracefully) {
  if (is_finished(x.status))
    return;
  const auto was = x.status;
  if (was != run_status::aborting) {
    runs_.set_status(x, run_status::aborting);
    save(x);
  } else if (gracefully)
    return;
  if (x.live->work && gracefully)
    return x.live->work->abort_gracefully();
  if (x.live->work)
    return x.live->work->kill();
  if (x.live->next_step)
    agenda_.cancel(*x.live->next_step);
  x.live->next_step
    = agenda_.at(now(), [this, &x] { finish(x, run_status::aborted); });
}

void run_engine::resurrect(run& x, const resurrect_request& request) {
  if (!is_finished(x.status))
    throw api_error{400, "operation-not-allowed",
                    "Cannot resurrect a run that has not finished."};
  const auto memory = request.memory_mbytes.value_or(x.options.memory_mbytes);
  accounts_.reserve(*x.owner, memory);
  x.options.memory_mbytes = memory;
  x.options.timeout_secs
    = request.timeout_secs.value_or(x.options.timeout_secs);
  x.options.restart_on_error
    = request.restart_on_error.value_or(x.options.restart_on_error);
  if (request.max_items)
    x.options.max_items = request.max_items;
  if (request.max_total_charge_usd)
    x.options.max_total_charge_usd = request.max_total_charge_usd;
  x.finished_at.reset();
  x.exit_code.reset();
  ++x.stats.resurrections;
  x.live = std::make_unique<live_run>();
  runs_.set_status(x, run_status::running);
  x.live->next_step = agenda_.at(now(), [this, &x] { begin(x); });
  save(x);
  announce(x, "ACTOR.RUN.RESURRECTED");
}

void run_engine::require_running(const run& x) const {
  if (is_finished(x.status))
    throw api_error{403, "job-finished", "The run has already finished."};
  if (x.status != run_status::running || !x.live->work)
    throw api_error{400, "operation-not-allowed",
                    "The run must be RUNNING, but it is "
                      + std::string{to_string(x.status)} + "."};
}

void run_engine::reboot(run& x) {
  require_running(x);
  x.live->work->reboot();
}

void run_engine::migrate(run& x) {
  require_running(x);
  x.live->work->migrate();
}

void run_engine::metamorph(run& x, app& target,
                           std::optional<stored_record> input) {
  require_running(x);
  if (x.metamorphs.size() >= max_metamorphs)
    throw api_error{400, "max-metamorphs-exceeded",
                    "The run was metamorphed too many times."};
  x.stats.ran_before = time_spent(x, now());
  x.live->work.reset();
  x.input_key = "INPUT-METAMORPH-" + std::to_string(x.metamorphs.size() + 1);
  if (input)
    storages_.put_record(x.storages.key_value_store_id, x.input_key,
                         std::move(*input));
  x.actor = &target;
  x.build_id = target.build.id;
  x.build_number = target.build.number;
  x.metamorphs.push_back({now(), target.id, target.build.id, x.input_key});
  logs_.say(x, "Metamorphing into " + target.username + "/" + target.name);
  x.live->next_step = agenda_.at(now(), [this, &x] { begin(x); });
}

void run_engine::save(const run& x) const {
  if (saved_.enabled())
    saved_.save("runs", to_record(x));
}

void run_engine::restore(std::unique_ptr<run> record) {
  auto& x = runs_.add(std::move(record));
  ++started_;
  ++x.actor->total_runs;
  accounts_.usage_of(*x.owner).spent_usd += x.billed_usd;
  if (is_finished(x.status))
    return;
  accounts_.take(*x.owner, x.options.memory_mbytes);
  x.live = std::make_unique<live_run>();
  if (x.status == run_status::running)
    on_restart(x, restart_reason::migration);
  x.live->next_step = agenda_.at(now(), [this, &x] {
    if (x.status == run_status::aborting)
      finish(x, run_status::aborted);
    else if (x.status == run_status::timing_out)
      finish(x, run_status::timed_out);
    else
      begin(x);
  });
}

void run_engine::remove(run& x) {
  if (!is_finished(x.status))
    throw api_error{400, "cannot-remove-running-run",
                    "Cannot remove a run that has not finished."};
  storages_.remove_for_run(x.storages);
  saved_.remove("runs", x.id);
  runs_.remove(x);
}

void run_engine::clear() {
  for (const auto& [id, x] : runs_.all()) {
    waiters_.wake(id);
    logs_.close(*x);
  }
  agenda_.clear();
  started_ = 0;
  runs_.clear();
}

} // namespace orc::emulator
