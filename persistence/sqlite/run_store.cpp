#include "persistence/sqlite/run_store.hpp"

#include <sys/prctl.h>

#include <filesystem>
#include <utility>

namespace orc::sqlite {

namespace {

// Removing so many runs takes about 20 ms.
constexpr std::int64_t pruned_at_once = 1'000;

} // namespace

store_state::store_state(store_actor::pointer self) : self_{self} {
  // nop
}

store_state::~store_state() {
  if (store_)
    store_->group.commit();
  for (auto& x : prunings_)
    x.promise.deliver(make_error(ec::stopping, "the store is stopping"));
}

store_actor::behavior_type
store_state::make_behavior(std::shared_ptr<open_store> store) {
  // What `top -H` shows; a name has 15 bytes at most.
  prctl(PR_SET_NAME, "orc-store");
  store_ = std::move(store);
  auto& in
    = grouped_.emplace(self_, store_->group, [this] { announce_deliveries(); });
  auto& runs = store_->runs;
  auto& asked = store_->queries;
  auto& totals = store_->totals;
  auto& kept = store_->accounts;
  auto& cut = store_->splits;
  auto& together = store_->batches;
  auto& starts = store_->starts;
  auto& hooks = store_->hooks;
  auto& money = store_->ledger;
  auto& seen = store_->samples;
  auto& commands = store_->commands;
  return {
    [&](const insert_runs& x) {
      return in.write(runs, &run_table::insert, x, x.runs.size());
    },
    [&](const save_run& x) { return in.write(runs, &run_table::save, x); },
    [&](const settle_run& x) { return in.write(runs, &run_table::settle, x); },
    [&](const load_run& x) { return in.read(asked, &run_queries::load, x); },
    [&](const find_run& x) { return in.read(asked, &run_queries::find, x); },
    [&](const list_runs& x) { return in.read(asked, &run_queries::list, x); },
    [&](const load_unfinished& x) {
      return in.read(asked, &run_queries::unfinished, x);
    },
    [&](const load_unsettled& x) {
      return in.read(asked, &run_queries::unsettled, x);
    },
    [&](const find_bound& x) { return in.read(asked, &run_queries::bound, x); },
    [&](const load_totals& x) {
      return in.read(totals, &totals_table::load, x);
    },
    [&](const save_account& x) {
      return in.write(kept, &account_table::save, x);
    },
    [&](const load_accounts& x) {
      return in.read(kept, &account_table::load, x);
    },
    [&](const load_split& x) { return in.read(cut, &split_table::load, x); },
    [&](const save_split& x) { return in.write(cut, &split_table::save, x); },
    [&](const save_batch& x) {
      return in.write(together, &batch_table::save, x);
    },
    [&](const load_batches& x) {
      return in.read(together, &batch_table::load, x);
    },
    [&](const list_batch_names& x) {
      return in.read(together, &batch_table::names, x);
    },
    [&](const note_start& x) {
      return in.write(starts, &start_table::note, x);
    },
    [&](const forget_start& x) {
      return in.write(starts, &start_table::forget, x);
    },
    [&](const load_starts& x) {
      return in.write(starts, &start_table::load, x);
    },
    [&](const save_ledger& x) {
      return in.write(money, &ledger_table::save, x);
    },
    [&](const load_ledger& x) {
      return in.read(money, &ledger_table::load, x);
    },
    [&](const save_samples& x) {
      return in.write(seen, &sample_table::save, x);
    },
    [&](const load_samples& x) {
      return in.read(seen, &sample_table::load, x);
    },
    [this](const prune_runs& x) { return prune(x); },
    [this, &in](const check_store& x) {
      return in.write(*this, &store_state::check, x);
    },
    [&](const follow_hooks& x) {
      return in.write(hooks, &hook_table::follow, x);
    },
    [this](const watch_deliveries& x) { delivery_sinks_.push_back(x.sink); },
    [&](const load_hooks& x) {
      return in.read(hooks, &hook_table::records, x);
    },
    [&](const load_deliveries& x) {
      return in.read(hooks, &hook_table::load, x);
    },
    [&](const settle_delivery& x) {
      return in.write(hooks, &hook_table::settle, x);
    },
    [&](const disable_hook& x) {
      return in.write(hooks, &hook_table::disable, x);
    },
    [&](const redrive_deliveries& x) {
      return in.write(hooks, &hook_table::redrive, x);
    },
    [&](const prune_deliveries& x) {
      return in.write(hooks, &hook_table::prune, x);
    },
    [&](const begin_command& x) {
      return in.write(commands, &bus_table::begin, x);
    },
    [&](const end_command& x) {
      return in.write(commands, &bus_table::end, x);
    },
    [&](const forget_command& x) {
      return in.write(commands, &bus_table::forget, x);
    },
    [&](const owe_events& x) {
      return in.write(commands, &bus_table::owe, x, x.events.size());
    },
    [&](const prune_commands& x) {
      return in.write(commands, &bus_table::prune, x);
    },
    [this](const end_group&) { store_->group.commit(); },
    [this](const prune_on&) { prune_some(); },
  };
}

caf::result<pruned_runs> store_state::prune(const prune_runs& request) {
  auto promise = self_->make_response_promise<pruned_runs>();
  prunings_.push_back({request.finished_before, 0, promise});
  if (prunings_.size() == 1)
    self_->send(self_, prune_on{});
  return promise;
}

void store_state::prune_some() {
  auto& work = prunings_.front();
  try {
    grouped_->join(pruned_at_once);
    auto removed = store_->runs.prune(work.finished_before, pruned_at_once);
    work.count += removed;
    if (removed == pruned_at_once)
      return self_->send(self_, prune_on{});
    grouped_->answer_later<pruned_runs>(work.promise, pruned_runs{work.count});
  } catch (const failure& problem) {
    store_->group.abandon(problem.error());
    work.promise.deliver(problem.error());
  }
  prunings_.pop_front();
  if (!prunings_.empty())
    self_->send(self_, prune_on{});
}

void store_state::announce_deliveries() {
  if (!store_->hooks.take_added() || announcing_)
    return;
  announcing_ = true;
  store_->group.defer([this](const caf::error& failed) {
    announcing_ = false;
    if (!failed)
      for (const auto& sink : delivery_sinks_)
        self_->send(sink, deliveries_added{});
  });
}

store_health store_state::check(const check_store&) {
  auto& db = store_->db;
  // What is written to a file without a name is gone with this process.
  auto file = db.text("SELECT file FROM pragma_database_list WHERE "
                      "name='main'");
  if (!file.empty() && !std::filesystem::exists(file))
    throw failure{ec::store_failed,
                  file
                    + " is gone: put it back where it was, or stop the "
                      "service and restore a backup"};
  store_->touch.run(now().millis);
  auto pages = db.number("PRAGMA page_count");
  return {db.text("SELECT value FROM meta WHERE name='instance'"),
          static_cast<std::uint64_t>(pages * db.number("PRAGMA page_size"))};
}

store_actor::behavior_type
run_store(store_actor::stateful_pointer<store_state> self,
          std::shared_ptr<open_store> store) {
  return self->state.make_behavior(std::move(store));
}

} // namespace orc::sqlite
