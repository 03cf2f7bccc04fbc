// What workers and those who create tasks do to the book.

#include "actors/task/task_book.hpp"
#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "messages/json/task_facts.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

task_book::key_type
task_book::create(key_type group, const task_definition& x,
                  const std::vector<key_type>& parents, change_tasks& out) {
  live_task is;
  is.key = ++last_task_;
  is.group = group;
  is.channel = x.channel.value_or("");
  is.workgroup = x.workgroup.value_or("");
  is.dedup_key = x.key.value_or("");
  is.created_at = now_;
  is.run_after = x.run_after.value_or(timestamp{});
  is.priority = x.priority;
  is.error_delay_secs = x.error_delay_secs;
  is.fails_on_lease_end = x.fails_on_lease_end;
  is.attempts = x.remaining_attempts;
  is.has_parents = !parents.empty();
  for (auto parent : parents)
    // A sibling that comes later in a graph has its key already.
    if (has(parent) || parent > last_task_)
      is.open_parents.push_back(parent);
  is.parents_complete = x.parent_ids && is.open_parents.empty();
  put(is);
  if (!is.channel.empty())
    ++totals_[is.channel];
  out.added.push_back({is.key, group, now_, x, parents, is.parents_complete});
  return is.key;
}

std::optional<task_book::key_type>
task_book::acquire(const acquire_task& x, std::chrono::milliseconds lease,
                   change_tasks& out) {
  auto line = lines_.find(x.channel);
  if (line == lines_.end() || line->second.heads.empty()
      || !line->second.is_open)
    return std::nullopt;
  auto key = line->second.heads.begin()->first.second;
  auto until = now_ + lease;
  out.token = x.token;
  spend(at(key), out);
  for (auto twin : twins_of(at(key))) {
    auto& is = at(twin);
    if (is.is_leased)
      continue;
    withdraw(is);
    take_lease(is, {x.worker, now_, until});
    out.changes.push_back(
      {task_change_kind::lease, twin, now_, until, 0, json_text{x.worker}});
  }
  return key;
}

caf::error
task_book::check_lease(key_type key, const std::string& worker) const {
  auto lease = leases_.find(key);
  if (lease != leases_.end() && lease->second.worker == worker)
    return {};
  return make_error(ec::not_assigned, "Worker id did not match!");
}

std::optional<timestamp> task_book::leased_at(key_type key) const {
  auto lease = leases_.find(key);
  return lease != leases_.end() ? std::optional{lease->second.since}
                                : std::nullopt;
}

void task_book::extend(key_type key, std::chrono::milliseconds lease,
                       change_tasks& out) {
  auto until = now_ + lease;
  auto worker = leases_.at(key).worker;
  for (auto twin : twins_of(at(key))) {
    auto is = leases_.find(twin);
    if (is == leases_.end() || is->second.worker != worker)
      continue;
    lease_ends_.erase({is->second.until, twin});
    is->second.until = until;
    lease_ends_.insert({until, twin});
    out.changes.push_back({task_change_kind::lease, twin, is->second.since,
                           until, 0, json_text{worker}});
  }
}

void task_book::give_back(key_type key, change_tasks& out) {
  auto twins = twins_of(at(key));
  for (auto twin : twins)
    if (at(twin).is_leased) {
      end_lease(at(twin));
      out.changes.push_back({task_change_kind::unlease, twin});
    }
  for (auto twin : twins)
    settle(at(twin));
}

task_book::effects
task_book::fail(key_type key, const release_task& x, change_tasks& out) {
  effects result;
  auto delay = at(key).error_delay_secs;
  for (auto twin : twins_of(at(key))) {
    auto& is = at(twin);
    withdraw(is);
    if (is.is_leased) {
      end_lease(is);
      out.changes.push_back({task_change_kind::unlease, twin});
    }
    count_failure(is, delay, x.error, out);
  }
  for (auto twin : twins_of(at(key)))
    settle(at(twin));
  delay_workgroup(at(key), x.workgroup_delay_secs, result, out);
  return result;
}

void task_book::count_failure(waiting_task& x, double delay_secs,
                              json_text error, change_tasks& out) {
  if (--x.attempts == 0)
    --groups_.at(x.group).open;
  if (delay_secs > 0)
    x.run_after = now_ + seconds_of(delay_secs);
  out.changes.push_back({task_change_kind::fail,
                         x.key,
                         {},
                         x.run_after,
                         x.attempts,
                         std::move(error)});
}

void task_book::lose_lease(waiting_task& x, change_tasks& out) {
  auto worker = leases_.at(x.key).worker;
  end_lease(x);
  out.changes.push_back({task_change_kind::unlease, x.key});
  if (x.fails_on_lease_end)
    count_failure(x, x.error_delay_secs,
                  json_text{json_quote(fmt::format(
                    "worker {} had it and said nothing any more", worker))},
                  out);
  settle(x);
}

caf::expected<task_book::effects>
task_book::complete(key_type key, const release_task& x, change_tasks& out) {
  if (auto err = check_children(x.children))
    return err;
  effects result;
  result.created
    = create_all(at(key).group, x.children, key, x.children_delay_secs, out);
  delay_children(key, x.children_delay_secs, out);
  delay_workgroup(at(key), x.workgroup_delay_secs, result, out);
  for (auto twin : twins_of(at(key)))
    mark_complete(twin, x.output, out, result.freed);
  return result;
}

void task_book::mark_complete(key_type key, const json_text& output,
                              change_tasks& out, std::vector<key_type>& freed) {
  if (at(key).is_leased)
    out.changes.push_back({task_change_kind::unlease, key});
  out.changes.push_back({task_change_kind::complete, key, {}, {}, 0, output});
  drop(key);
  auto below = children_.extract(key);
  if (below.empty())
    return;
  for (auto child : below.mapped()) {
    auto& x = at(child);
    std::erase(x.open_parents, key);
    if (!x.open_parents.empty())
      continue;
    free(x, out);
    freed.push_back(child);
  }
}

void task_book::free(waiting_task& x, change_tasks& out) {
  withdraw(x);
  x.parents_complete = true;
  settle(x);
  if (!out.added.empty() && x.key >= out.added.front().key)
    out.added[x.key - out.added.front().key].parents_complete = true;
  else
    out.changes.push_back({task_change_kind::parents_complete, x.key});
}

void task_book::delay_workgroup(waiting_task& x, double secs, effects& result,
                                change_tasks& out) {
  if (secs <= 0 || !x.workgroup)
    return;
  auto until = now_ + seconds_of(secs);
  result.workgroup_until = until;
  if (const auto* group = find_group(x.group))
    out.facts.push_back(
      {id_of_group(*group), "workgroup:delay",
       json_text{render_workgroup_delayed(x.workgroup->first, until)}});
  for (auto key : x.workgroup->second.members)
    set_run_after(at(key), until, out);
}

} // namespace orc
