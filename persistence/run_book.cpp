#include "persistence/run_book.hpp"

#include "persistence/cursor.hpp"
#include "persistence/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

run_ref ref_of(const run& x) {
  return {x.space, x.name};
}

bool fits(const run& x, const list_runs& request) {
  const auto& states = request.states;
  return (request.space.empty() || x.space == request.space)
         && (request.batch.empty() || x.batch == request.batch)
         && (states.empty()
             || std::find(states.begin(), states.end(), x.state)
                  != states.end());
}

bool is_expired(const run& x, timestamp finished_before) {
  return is_final(x.state) && x.finished_at && *x.finished_at < finished_before;
}

} // namespace

caf::expected<inserted_runs> run_book::insert(const insert_runs& request) {
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

inserted_run run_book::insert(const new_run& x) {
  auto ref = ref_of(x.record.view);
  if (auto known = names_.find(ref); known != names_.end())
    return {runs_.at(known->second).record, true};
  auto record = x.record;
  record.key = {last_key_.value + 1};
  put(record, x.input);
  return {std::move(record), false};
}

caf::expected<saved> run_book::save(const save_run& request) {
  const auto& record = request.record;
  auto known = runs_.find(record.key);
  if (known == runs_.end())
    return unknown_run(record.key);
  if (record.revision <= known->second.record.revision)
    return stale_save(record);
  if (auto problem = check_bindings(record))
    return problem;
  put(record, request.input);
  return saved{};
}

caf::expected<saved> run_book::settle(const settle_run& request) {
  const auto& record = request.record;
  auto known = runs_.find(record.key);
  if (known == runs_.end())
    return unknown_run(record.key);
  if (record.revision != known->second.record.revision)
    return stale_save(record);
  put(record, {});
  return saved{};
}

unsettled_runs run_book::unsettled(const load_unsettled& request) const {
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

caf::error run_book::check_bindings(const run_record& record) const {
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

void run_book::bind_attempts(const run_record& record) {
  for (const auto& attempt : record.view.attempts)
    if (attempt.run_id)
      bound_.emplace(*attempt.run_id, record.key);
}

caf::expected<loaded_run> run_book::load(const load_run& request) const {
  auto known = runs_.find(request.key);
  if (known == runs_.end())
    return make_error(ec::unknown_run,
                      fmt::format("run {} is not in the store", request.key));
  return known->second;
}

caf::expected<run_record> run_book::find(const find_run& request) const {
  const auto& ref = request.ref;
  auto known = names_.find(ref);
  if (known == names_.end())
    return make_error(ec::unknown_run,
                      fmt::format("namespace {} has no run named {}", ref.space,
                                  ref.name));
  return runs_.at(known->second).record;
}

caf::expected<record_page> run_book::list(const list_runs& request) const {
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

unfinished_runs run_book::unfinished(const load_unfinished& request) const {
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

bound_runs run_book::bound(const find_bound& request) const {
  bound_runs result;
  for (const auto& id : request.run_ids)
    if (auto owner = bound_.find(id); owner != bound_.end())
      result.owners.emplace(*owner);
  return result;
}

run_totals run_book::totals(const load_totals& request) const {
  if (request.batch.empty())
    return tally_.totals(request.space);
  run_tally tally;
  for (const auto& [key, x] : runs_)
    if (const auto& view = x.record.view;
        view.space == request.space && view.batch == request.batch)
      tally.add(make_tallied_run(view));
  return tally.totals(request.space);
}

saved run_book::save_token(const save_account& request) {
  accounts_[request.account.name] = request.account.token;
  return {};
}

stored_accounts run_book::accounts(const load_accounts&) const {
  stored_accounts result;
  for (const auto& [account, token] : accounts_)
    result.accounts.push_back({account, token});
  return result;
}

std::vector<run_key> run_book::prune(const prune_runs& request) {
  std::vector<run_key> result;
  for (const auto& [key, x] : runs_)
    if (is_expired(x.record.view, request.finished_before))
      result.push_back(key);
  for (auto key : result)
    drop(key);
  return result;
}

void run_book::put(const run_record& record, const json_text& input) {
  auto [place, is_new] = runs_.try_emplace(record.key);
  auto& stored = place->second;
  if (!is_new)
    tally_.remove(make_tallied_run(stored.record.view));
  stored.record = record;
  if (is_new || !input.empty())
    stored.input = input;
  names_[ref_of(record.view)] = record.key;
  bind_attempts(record);
  tally_.add(make_tallied_run(record.view));
  skip_keys(record.key);
}

void run_book::drop(run_key key) {
  auto known = runs_.find(key);
  if (known == runs_.end())
    return;
  const auto& view = known->second.record.view;
  tally_.remove(make_tallied_run(view));
  names_.erase(ref_of(view));
  for (const auto& attempt : view.attempts)
    if (attempt.run_id)
      bound_.erase(*attempt.run_id);
  runs_.erase(known);
}

void run_book::skip_keys(run_key last) {
  last_key_ = std::max(last_key_, last);
}

} // namespace orc
