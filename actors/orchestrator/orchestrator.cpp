#include "actors/orchestrator/orchestrator.hpp"

#include "actors/account/account.hpp"
#include "actors/item_counter/item_counter.hpp"
#include "actors/orchestrator/log.hpp"
#include "actors/reconciler/reconciler.hpp"
#include "actors/run/run.hpp"
#include "actors/settler/settler.hpp"
#include "actors/tracker/tracker.hpp"
#include "actors/watchdog/watchdog.hpp"

#include <utility>

namespace orc {

orchestrator_state::orchestrator_state(orchestrator_self::pointer self)
  : self_{self}, started_at_{now()} {
  // nop
}

orchestrator_self::behavior_type
orchestrator_state::make_behavior(orchestrator_settings settings,
                                  orchestrator_parts parts) {
  settings_ = std::move(settings);
  parts_ = std::move(parts);
  book_ = account_book{settings_.accounts, settings_.base_url};
  if (parts_.budgets)
    self_->link_to(parts_.budgets);
  recover();
  return {
    [this](const submit_runs& x) { return submit(x); },
    [this](const get_run& x) { return get(x.ref); },
    [this](const wait_run& x) { return wait(x); },
    [this](const list_runs& x) { return list(x); },
    [this](const abort_named_run& x) { return abort_one(x); },
    [this](const abort_runs& x) { return abort_many(x); },
    [this](const get_report& x) { return make_report(x); },
    [this](get_accounts) { return list_accounts(); },
    [this](const read_items& x) { return read(x); },
    [this](get_budgets) { return list_budgets(); },
    [this](const set_budget& x) { return change_budget(x); },
    [this](get_readiness) { return is_ready(); },
    [this](check_health) { return examine(); },
    [this](const reload_settings& x) { return reload(x); },
    [this](const run_finished& x) { on_finished(x); },
    [this](const stop_service& x) { return stop(x.abort); },
    [this](const wait_over& x) { on_wait_over(x); },
  };
}

// -- recovery -----------------------------------------------------------------

void orchestrator_state::recover() {
  auto failed = [this](const caf::error& err) { fail(err); };
  // Without a memory it could only do harm. No link, since the store has to
  // outlive whoever has something to save.
  self_->set_down_handler([this](const caf::down_msg& x) {
    log.error("store-died", "reason=\"{}\"", message_of(x.reason));
    self_->quit(x.reason);
  });
  self_->monitor(parts_.store);
  self_->request(parts_.store, caf::infinite, check_store{})
    .then([this](const store_health& x) { instance_ = x.instance; }, failed);
  self_->request(parts_.store, caf::infinite, load_accounts{})
    .then(
      [this](const stored_accounts& x) {
        for (const auto& account : x.accounts)
          book_.add(account);
        for (const auto& [account, settings] : book_.all())
          account_of(account);
        load_page(run_key{});
      },
      failed);
}

void orchestrator_state::load_page(run_key after) {
  load_unfinished request;
  request.after = after;
  self_->request(parts_.store, caf::infinite, request)
    .then(
      [this](unfinished_runs& page) {
        resume(page);
        if (page.complete)
          become_ready();
        else
          load_page(page.last);
      },
      [this](const caf::error& err) { fail(err); });
}

/// Live runs hold their places at once. Those that wait are handed over when
/// all live ones are known: they must not take a place that is not free.
void orchestrator_state::resume(unfinished_runs& page) {
  recovered_ += page.queued.size() + page.live.size();
  std::map<std::string, enqueue_runs> queued;
  std::map<std::string, resume_runs> live;
  for (auto& x : page.queued)
    queued[x.account].runs.push_back(std::move(x));
  for (auto& x : page.live)
    live[x.view.account].runs.push_back(std::move(x));
  for (auto& [account, runs] : live)
    if (const auto* target = account_of(account))
      self_->send(target->account, std::move(runs));
  for (auto& [account, runs] : queued)
    if (const auto* target = account_of(account))
      when_ready([this, to = target->account,
                  x = std::make_shared<enqueue_runs>(std::move(runs))] {
        self_->send(to, std::move(*x));
      });
}

void orchestrator_state::become_ready() {
  ready_ = true;
  not_ready_because_.clear();
  log.info("ready", "instance={} accounts={}", instance_, accounts_.size());
  for (auto& f : std::exchange(postponed_, {}))
    f();
}

void orchestrator_state::fail(const caf::error& err) {
  // Without its memory the service would start runs twice: better none at all.
  log.error("recovery-failed", "error=\"{}\"", message_of(err));
  not_ready_because_ = message_of(err);
  self_->quit(err);
}

void orchestrator_state::when_ready(std::function<void()> f) {
  if (ready_)
    f();
  else
    postponed_.push_back(std::move(f));
}

// -- accounts -----------------------------------------------------------------

const orchestrator_state::open_account*
orchestrator_state::account_of(const std::string& wanted) {
  auto i = accounts_.find(wanted);
  if (i != accounts_.end())
    return &i->second;
  const auto* settings = book_.find(wanted);
  if (!settings) {
    log.warn("account-unknown", "account={}", wanted);
    return nullptr;
  }
  return &accounts_.emplace(wanted, open(*settings)).first->second;
}

orchestrator_state::open_account
orchestrator_state::open(const account_settings& settings) {
  auto& system = self_->system();
  auto config
    = run_config{instance_,
                 {settings_.retry_backoff, settings_.retry_backoff_max},
                 settings_.count_items,
                 settings_.reconcile_window};
  auto api = parts_.connect(settings);
  auto spawn_run = [&system, config, parts = open_parts(settings, api)](
                     const account_actor& account, run_key key,
                     const std::optional<run_record>&) {
    auto mine = parts;
    mine.account = account;
    return run_actor{system.spawn(run_life, key, config, mine)};
  };
  account_config limits;
  limits.settings = settings;
  limits.max_overtake = settings_.max_overtake;
  auto account = system.spawn(orc::account, limits,
                              account_parts{api, spawn_run, parts_.budgets});
  self_->link_to(account);
  return {api, account};
}

/// An account whose parts are incomplete can do nothing: all live and die
/// together, and with them the service, which recovers from its store.
run_parts orchestrator_state::open_parts(const account_settings& settings,
                                         const apify_api_actor& api) {
  auto& system = self_->system();
  tracking_policy tracking;
  tracking.lost_after = settings_.lost_after;
  run_parts parts;
  parts.store = parts_.store;
  parts.events = parts_.events;
  parts.api = api;
  parts.orchestrator = caf::actor_cast<orchestrator_actor>(self_);
  parts.tracker = system.spawn(tracker, api, tracking);
  parts.reconciler
    = system.spawn(reconciler, api, parts_.store, settings_.reconcile_window);
  parts.counter = system.spawn(item_counter, api);
  parts.budgets = parts_.budgets;
  parts.watchdog = system.spawn(watchdog, api, parts.counter);
  if (settings_.settle_after)
    parts.settler = system.spawn(
      settler,
      settler_config{settings.name, *settings_.settle_after,
                     settings_.count_items},
      settler_parts{parts_.store, api, parts.counter, parts_.events});
  self_->link_to(api);
  self_->link_to(parts.tracker);
  self_->link_to(parts.reconciler);
  self_->link_to(parts.counter);
  self_->link_to(parts.watchdog);
  if (parts.settler)
    self_->link_to(parts.settler);
  return parts;
}

void orchestrator_state::enqueue(const std::vector<run_record>& records) {
  std::map<std::string, enqueue_runs> by_account;
  for (const auto& x : records)
    by_account[x.view.account].runs.push_back(to_queued(x));
  for (auto& [key, runs] : by_account)
    if (const auto* target = account_of(key))
      self_->send(target->account, std::move(runs));
}

orchestrator_self::behavior_type
orchestrator(orchestrator_self::stateful_pointer<orchestrator_state> self,
             orchestrator_settings settings, orchestrator_parts parts) {
  return self->state.make_behavior(std::move(settings), std::move(parts));
}

} // namespace orc
