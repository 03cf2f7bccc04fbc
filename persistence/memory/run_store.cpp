#include "persistence/memory/run_store.hpp"

#include "persistence/cursor.hpp"
#include "persistence/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace orc {

namespace {

std::string make_instance() {
  std::random_device random;
  return fmt::format("{:08x}{:04x}", random(), random() & 0xffff);
}

run_ref ref_of(const run& x) {
  return {x.space, x.name};
}

bool fits(const run& x, const list_runs& request) {
  const auto& states = request.states;
  return (request.space.empty() || x.space == request.space)
         && (states.empty()
             || std::find(states.begin(), states.end(), x.state)
                  != states.end());
}

bool is_expired(const run& x, timestamp finished_before) {
  return is_final(x.state) && x.finished_at && *x.finished_at < finished_before;
}

} // namespace

memory_run_store_state::memory_run_store_state(run_store_actor::pointer)
  : instance_{make_instance()} {
  // nop
}

run_store_actor::behavior_type memory_run_store_state::make_behavior() {
  return {
    [this](const insert_runs& x) { return insert(x); },
    [this](const save_run& x) { return save(x); },
    [this](const settle_run& x) { return settle(x); },
    [this](const load_run& x) { return load(x.key); },
    [this](const find_run& x) { return find(x.ref); },
    [this](const list_runs& x) { return list(x); },
    [this](const load_unfinished& x) { return unfinished(x); },
    [this](const load_unsettled& x) { return unsettled(x); },
    [this](const find_bound& x) { return bound(x); },
    [this](const load_totals& x) { return tally_.totals(x.space); },
    [this](const save_account& x) { return save(x); },
    [this](const load_accounts&) { return accounts(); },
    [this](const prune_runs& x) { return prune(x); },
    [this](const check_store&) {
      return store_health{instance_, 0};
    },
  };
}

caf::expected<inserted_runs>
memory_run_store_state::insert(const insert_runs& request) {
  inserted_runs result;
  for (const auto& x : request.runs) {
    auto known = names_.find(ref_of(x.record.view));
    if (known == names_.end())
      continue;
    const auto& stored = runs_.at(known->second).record;
    if (stored.target != x.record.target)
      return name_conflict(stored);
  }
  for (const auto& x : request.runs)
    result.runs.push_back(insert(x));
  return result;
}

inserted_run memory_run_store_state::insert(const new_run& x) {
  auto ref = ref_of(x.record.view);
  if (auto known = names_.find(ref); known != names_.end())
    return {runs_.at(known->second).record, true};
  auto record = x.record;
  record.key = last_key_ = {last_key_.value + 1};
  names_.emplace(std::move(ref), record.key);
  runs_.emplace(record.key, loaded_run{record, x.input});
  bind_attempts(record);
  tally_.add(make_tallied_run(record.view));
  return {std::move(record), false};
}

caf::expected<saved> memory_run_store_state::save(const save_run& request) {
  const auto& record = request.record;
  auto known = runs_.find(record.key);
  if (known == runs_.end())
    return unknown_run(record.key);
  auto& stored = known->second;
  if (record.revision <= stored.record.revision)
    return stale_save(record);
  if (auto problem = check_bindings(record))
    return problem;
  tally_.remove(make_tallied_run(stored.record.view));
  stored.record = record;
  if (!request.input.empty())
    stored.input = request.input;
  bind_attempts(record);
  tally_.add(make_tallied_run(record.view));
  return saved{};
}

caf::expected<saved> memory_run_store_state::settle(const settle_run& request) {
  const auto& record = request.record;
  auto known = runs_.find(record.key);
  if (known == runs_.end())
    return unknown_run(record.key);
  auto& stored = known->second.record;
  if (record.revision != stored.revision)
    return stale_save(record);
  tally_.remove(make_tallied_run(stored.view));
  stored = record;
  tally_.add(make_tallied_run(record.view));
  return saved{};
}

caf::error
memory_run_store_state::check_bindings(const run_record& record) const {
  for (const auto& attempt : record.view.attempts) {
    auto owner = attempt.run_id ? bound_.find(*attempt.run_id) : bound_.end();
    if (owner != bound_.end() && owner->second != record.key)
      return make_error(ec::already_bound,
                        fmt::format("platform run {} belongs to run {}, not to "
                                    "run {}",
                                    owner->first, owner->second, record.key));
  }
  return {};
}

void memory_run_store_state::bind_attempts(const run_record& record) {
  for (const auto& attempt : record.view.attempts)
    if (attempt.run_id)
      bound_.emplace(*attempt.run_id, record.key);
}

caf::expected<loaded_run> memory_run_store_state::load(run_key key) const {
  auto known = runs_.find(key);
  if (known == runs_.end())
    return unknown_run(key);
  return known->second;
}

caf::expected<run_record>
memory_run_store_state::find(const run_ref& ref) const {
  auto known = names_.find(ref);
  if (known == names_.end())
    return make_error(ec::unknown_run,
                      fmt::format("namespace {} has no run named {}", ref.space,
                                  ref.name));
  return runs_.at(known->second).record;
}

caf::expected<record_page>
memory_run_store_state::list(const list_runs& request) const {
  auto below = parse_cursor(request.cursor);
  if (!below)
    return below.error();
  record_page result;
  auto limit = page_limit(request.limit);
  for (auto i = runs_.lower_bound(*below); i != runs_.begin();) {
    const auto& record = (--i)->second.record;
    if (!fits(record.view, request))
      continue;
    if (result.records.size() == limit) {
      result.next_cursor = cursor_after(result.records.back().key);
      break;
    }
    result.records.push_back(record);
  }
  return result;
}

unfinished_runs
memory_run_store_state::unfinished(const load_unfinished& request) const {
  unfinished_runs result;
  result.last = request.after;
  result.complete = true;
  auto limit = std::max(request.limit, 1U);
  for (auto i = runs_.upper_bound(request.after); i != runs_.end(); ++i) {
    const auto& record = i->second.record;
    if (is_final(record.view.state))
      continue;
    if (result.queued.size() + result.live.size() == limit) {
      result.complete = false;
      break;
    }
    result.last = record.key;
    if (record.view.state == run_state::queued)
      result.queued.push_back(make_queued_run(record));
    else
      result.live.push_back(record);
  }
  return result;
}

unsettled_runs
memory_run_store_state::unsettled(const load_unsettled& request) const {
  std::vector<const run_record*> found;
  for (const auto& [key, x] : runs_)
    if (x.record.unsettled && is_final(x.record.view.state)
        && x.record.view.account == request.account)
      found.push_back(&x.record);
  std::stable_sort(found.begin(), found.end(), [](auto* x, auto* y) {
    return x->view.finished_at < y->view.finished_at;
  });
  unsettled_runs result;
  for (const auto* x : found)
    if (result.records.size() < request.limit)
      result.records.push_back(*x);
  return result;
}

bound_runs memory_run_store_state::bound(const find_bound& request) const {
  bound_runs result;
  for (const auto& id : request.run_ids)
    if (auto owner = bound_.find(id); owner != bound_.end())
      result.owners.emplace(*owner);
  return result;
}

saved memory_run_store_state::save(const save_account& request) {
  accounts_[request.account.name] = request.account.token;
  return {};
}

stored_accounts memory_run_store_state::accounts() const {
  stored_accounts result;
  for (const auto& [account, token] : accounts_)
    result.accounts.push_back({account, token});
  return result;
}

pruned_runs memory_run_store_state::prune(const prune_runs& request) {
  auto removed = std::erase_if(runs_, [&](const auto& entry) {
    const auto& view = entry.second.record.view;
    if (!is_expired(view, request.finished_before))
      return false;
    tally_.remove(make_tallied_run(view));
    names_.erase(ref_of(view));
    return true;
  });
  std::erase_if(bound_, [&](const auto& entry) {
    return !runs_.contains(entry.second);
  });
  return {removed};
}

run_store_actor::behavior_type memory_run_store(
  run_store_actor::stateful_pointer<memory_run_store_state> self) {
  return self->state.make_behavior();
}

} // namespace orc
