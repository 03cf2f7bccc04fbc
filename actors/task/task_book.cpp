#include "actors/task/task_book.hpp"

#include "messages/base/error.hpp"
#include "messages/task/object_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using place = waiting_task::place;

std::pair<double, std::uint64_t> rank_of(const waiting_task& x) {
  return {-x.priority, x.key};
}

/// @returns a place for `x` under its name, which stays where it is.
template <class Map, class Name>
auto* node_of(Map& map, Name&& name) {
  return &*map.try_emplace(std::forward<Name>(name)).first;
}

} // namespace

// -- what is known ------------------------------------------------------------

void task_book::clear(const task_book_summary& x) {
  *this = task_book{};
  store_ = x.store;
  last_task_ = x.last_task;
  last_group_ = x.last_group;
  for (const auto& group : x.groups)
    put_group(group);
}

void task_book::put_group(const live_group& x) {
  last_group_ = std::max(last_group_, x.key);
  auto& entry = groups_[x.key];
  for (auto key : entry.members)
    withdraw(at(key));
  entry.group = x;
  for (auto key : entry.members)
    settle(at(key));
}

void task_book::drop_group(key_type key) {
  auto known = groups_.find(key);
  if (known == groups_.end())
    return;
  for (auto member : std::exchange(known->second.members, {}))
    drop(member);
  groups_.erase(known);
}

const live_group* task_book::find_group(key_type key) const {
  auto known = groups_.find(key);
  return known != groups_.end() ? &known->second.group : nullptr;
}

void task_book::put(const live_task& x) {
  drop(x.key);
  last_task_ = std::max(last_task_, x.key);
  auto& is = tasks_[x.key];
  is.key = x.key;
  is.group = x.group;
  is.created_at = x.created_at;
  is.run_after = x.run_after;
  is.priority = x.priority;
  is.error_delay_secs = x.error_delay_secs;
  is.attempts = x.attempts;
  is.has_parents = x.has_parents;
  is.parents_complete = x.parents_complete;
  is.open_parents = x.open_parents;
  for (auto parent : x.open_parents)
    children_[parent].insert(x.key);
  groups_[x.group].members.insert(x.key);
  if (!x.channel.empty()) {
    is.line = node_of(lines_, x.channel);
    ++is.line->second.live;
    if (!std::exchange(is.line->second.had_tasks, true))
      new_channels_.push_back(x.channel);
  }
  if (!x.workgroup.empty()) {
    is.workgroup = node_of(workgroups_, x.workgroup);
    is.workgroup->second.insert(x.key);
  }
  if (is.line && !x.dedup_key.empty()) {
    is.twins = node_of(twins_, std::pair{static_cast<const void*>(is.line),
                                         x.dedup_key});
    is.twins->second.members.insert(x.key);
  }
  if (x.worker.empty())
    settle(is);
  else
    take_lease(is, {x.worker, x.assigned_at, x.lease_until});
}

void task_book::drop(key_type key) {
  auto known = tasks_.find(key);
  if (known == tasks_.end())
    return;
  auto& x = known->second;
  withdraw(x);
  auto twins = x.twins ? twins_of(x) : std::vector<key_type>{};
  if (x.is_leased)
    end_lease(x);
  for (auto parent : x.open_parents)
    if (auto siblings = children_.find(parent); siblings != children_.end()) {
      siblings->second.erase(key);
      if (siblings->second.empty())
        children_.erase(siblings);
    }
  if (auto group = groups_.find(x.group); group != groups_.end())
    group->second.members.erase(key);
  if (x.workgroup && x.workgroup->second.erase(key) > 0
      && x.workgroup->second.empty())
    workgroups_.erase(workgroups_.find(x.workgroup->first));
  if (x.twins && x.twins->second.members.erase(key) > 0
      && x.twins->second.members.empty())
    twins_.erase(twins_.find(x.twins->first));
  if (x.line)
    --x.line->second.live;
  tasks_.erase(known);
  // Whoever waited for its key may go on.
  for (auto twin : twins)
    if (auto other = tasks_.find(twin); other != tasks_.end()) {
      withdraw(other->second);
      settle(other->second);
    }
}

bool task_book::has(key_type key) const {
  return tasks_.contains(key);
}

std::string task_book::id_of(key_type key) const {
  return make_object_id(orc::id_of::task, tasks_.at(key).created_at, store_,
                        key);
}

std::string task_book::id_of_group(const live_group& x) const {
  return make_object_id(orc::id_of::group, x.created_at, store_, x.key);
}

task_book::key_type task_book::next_group_key() {
  return ++last_group_;
}

void task_book::count(task_channels& x) const {
  for (auto& channel : x.channels)
    if (auto line = lines_.find(channel.name); line != lines_.end()) {
      channel.complete = channel.total - line->second.live;
      channel.assigned = line->second.assigned;
    } else {
      channel.complete = channel.total;
    }
}

std::vector<std::string> task_book::channels() const {
  std::vector<std::string> result;
  for (const auto& [name, line] : lines_)
    if (line.had_tasks)
      result.push_back(name);
  return result;
}

std::vector<std::string> task_book::take_new_channels() {
  return std::exchange(new_channels_, {});
}

// -- what time does -----------------------------------------------------------

std::vector<task_book::key_type>
task_book::advance(timestamp now, change_tasks& out) {
  now_ = now;
  std::vector<key_type> back;
  while (!lease_ends_.empty() && lease_ends_.begin()->first <= now) {
    auto& x = at(lease_ends_.begin()->second);
    end_lease(x);
    settle(x);
    out.changes.push_back({task_change_kind::unlease, x.key});
    back.push_back(x.key);
  }
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    auto& x = at(delayed_.begin()->second);
    withdraw(x);
    settle(x);
  }
  return back;
}

std::optional<timestamp> task_book::next_due() const {
  std::optional<timestamp> result;
  for (const auto* times : {&lease_ends_, &delayed_})
    if (!times->empty() && (!result || times->begin()->first < *result))
      result = times->begin()->first;
  return result;
}

// -- steps of a task ----------------------------------------------------------

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
  is.attempts = x.remaining_attempts;
  is.has_parents = !parents.empty();
  for (auto parent : parents)
    // A sibling that comes later in a graph has its key already.
    if (has(parent) || parent > last_task_)
      is.open_parents.push_back(parent);
  is.parents_complete = x.parent_ids && is.open_parents.empty();
  put(is);
  out.added.push_back({is.key, group, now_, x, parents, is.parents_complete});
  return is.key;
}

std::optional<task_book::key_type>
task_book::acquire(const acquire_task& x, std::chrono::milliseconds lease,
                   change_tasks& out) {
  auto line = lines_.find(x.channel);
  if (line == lines_.end() || line->second.ready.empty())
    return std::nullopt;
  auto key = line->second.ready.begin()->second;
  auto until = now_ + lease;
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

void task_book::extend(key_type key, std::chrono::milliseconds lease,
                       change_tasks& out) {
  auto until = now_ + lease;
  auto worker = leases_.at(key).worker;
  for (auto twin : twins_of(at(key))) {
    auto& is = at(twin);
    if (!is.is_leased || leases_.at(twin).worker != worker)
      continue;
    auto since = leases_.at(twin).since;
    end_lease(is);
    take_lease(is, {worker, since, until});
    out.changes.push_back(
      {task_change_kind::lease, twin, since, until, 0, json_text{worker}});
  }
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
    --is.attempts;
    if (delay > 0)
      is.run_after = now_ + seconds_of(delay);
    out.changes.push_back(
      {task_change_kind::fail, twin, {}, is.run_after, is.attempts, x.error});
  }
  for (auto twin : twins_of(at(key)))
    settle(at(twin));
  delay_workgroup(at(key), x.workgroup_delay_secs, result, out);
  return result;
}

caf::expected<task_book::effects>
task_book::complete(key_type key, const release_task& x, change_tasks& out) {
  if (auto err = check_children(x.children))
    return err;
  effects result;
  result.created = add_children(key, x, out);
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
  for (auto key : x.workgroup->second)
    set_run_after(at(key), until, out);
}

// -- who waits ----------------------------------------------------------------

void task_book::await(const std::string& channel) {
  lines_[channel].is_awaited = true;
}

std::vector<std::string> task_book::take_news() {
  return std::exchange(news_, {});
}

// -- tools --------------------------------------------------------------------

waiting_task& task_book::at(key_type key) {
  return tasks_.at(key);
}

bool task_book::may_run(const waiting_task& x) const {
  auto group = groups_.find(x.group);
  return x.line && !x.is_leased && x.attempts > 0
         && (x.parents_complete || !x.has_parents) && group != groups_.end()
         && !group->second.group.is_paused
         && (!x.twins || x.twins->second.leased == 0);
}

void task_book::withdraw(waiting_task& x) {
  if (x.at == place::ready)
    x.line->second.ready.erase(rank_of(x));
  else if (x.at == place::delayed)
    delayed_.erase({x.run_after, x.key});
  x.at = place::nowhere;
}

void task_book::settle(waiting_task& x) {
  if (x.at != place::nowhere || !may_run(x))
    return;
  if (x.run_after > now_) {
    x.at = place::delayed;
    delayed_.insert({x.run_after, x.key});
    return;
  }
  x.at = place::ready;
  auto& line = x.line->second;
  line.ready.insert(rank_of(x));
  if (std::exchange(line.is_awaited, false))
    news_.push_back(x.line->first);
}

void task_book::take_lease(waiting_task& x, const task_lease& lease) {
  x.is_leased = true;
  leases_[x.key] = lease;
  lease_ends_.insert({lease.until, x.key});
  if (x.line)
    ++x.line->second.assigned;
  if (!x.twins)
    return;
  ++x.twins->second.leased;
  for (auto twin : x.twins->second.members)
    withdraw(at(twin));
}

void task_book::end_lease(waiting_task& x) {
  x.is_leased = false;
  auto lease = leases_.find(x.key);
  lease_ends_.erase({lease->second.until, x.key});
  leases_.erase(lease);
  if (x.line)
    --x.line->second.assigned;
  if (!x.twins || --x.twins->second.leased > 0)
    return;
  for (auto twin : x.twins->second.members)
    if (twin != x.key)
      settle(at(twin));
}

void task_book::set_run_after(waiting_task& x, timestamp until,
                              change_tasks& out) {
  // Never shortens a wait.
  if (x.run_after >= until)
    return;
  withdraw(x);
  x.run_after = until;
  settle(x);
  if (!out.added.empty() && x.key >= out.added.front().key)
    out.added[x.key - out.added.front().key].definition.run_after = until;
  else
    out.changes.push_back({task_change_kind::delay, x.key, {}, until});
}

std::vector<task_book::key_type>
task_book::twins_of(const waiting_task& x) const {
  std::vector<key_type> result{x.key};
  if (x.twins)
    for (auto key : x.twins->second.members)
      if (key != x.key)
        result.push_back(key);
  return result;
}

} // namespace orc
