#include "actors/task/task_book.hpp"

#include "messages/base/error.hpp"
#include "messages/task/object_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

/// @returns a place for `x` under its name, which stays where it is.
template <class Map, class Name>
auto* node_of(Map& map, Name&& name) {
  return &*map.try_emplace(std::forward<Name>(name)).first;
}

} // namespace

// -- what is known ------------------------------------------------------------

void task_book::clear(const task_book_summary& x, timestamp now) {
  *this = task_book{};
  now_ = now;
  store_ = x.store;
  last_task_ = x.last_task;
  last_group_ = x.last_group;
  for (const auto& group : x.groups)
    put_group(group);
  for (const auto& channel : x.channels)
    totals_.emplace(channel.name, channel.total);
  for (const auto& is : x.limits)
    set_limits({is.scope, is.name, is.limits}, is.full_at);
}

void task_book::put_group(const live_group& x) {
  last_group_ = std::max(last_group_, x.key);
  auto& group = groups_[x.key];
  group.is = x;
  show_lanes_of(group);
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
  return known != groups_.end() ? &known->second.is : nullptr;
}

bool task_book::has_open(key_type group) const {
  return groups_.at(group).open > 0;
}

void task_book::hold_group(key_type key, key_type resetting_until) {
  auto known = groups_.find(key);
  if (known == groups_.end())
    return;
  known->second.is.resetting_until = resetting_until;
  show_lanes_of(known->second);
}

std::vector<task_book::key_type> task_book::resetting() const {
  std::vector<key_type> result;
  for (const auto& [key, group] : groups_)
    if (group.is.resetting_until != 0)
      result.push_back(key);
  return result;
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
  is.fails_on_lease_end = x.fails_on_lease_end;
  is.attempts = x.attempts;
  is.has_parents = x.has_parents;
  is.parents_complete = x.parents_complete;
  is.open_parents = x.open_parents;
  for (auto parent : x.open_parents)
    children_[parent].insert(x.key);
  auto& group = groups_[x.group];
  group.members.insert(x.key);
  group.open += x.attempts > 0 ? 1 : 0;
  if (!x.workgroup.empty()) {
    is.workgroup = node_of(workgroups_, x.workgroup);
    is.workgroup->second.members.insert(x.key);
  }
  if (!x.channel.empty()) {
    auto* line = node_of(lines_, x.channel);
    ++line->second.live;
    if (!std::exchange(line->second.had_tasks, true))
      new_channels_.push_back(x.channel);
    is.lane = lane_of(line, &group, is.workgroup);
    ++is.lane->live;
  }
  if (is.lane && !x.dedup_key.empty()) {
    is.twins = node_of(
      twins_, std::pair{static_cast<const void*>(is.lane->line), x.dedup_key});
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
  if (auto group = groups_.find(x.group); group != groups_.end()) {
    group->second.members.erase(key);
    group->second.open -= x.attempts > 0 ? 1 : 0;
  }
  leave_lane(x);
  leave_workgroup(x);
  if (x.twins && x.twins->second.members.erase(key) > 0
      && x.twins->second.members.empty())
    twins_.erase(twins_.find(x.twins->first));
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

bool task_book::fails_on_lease_end(key_type key) const {
  return tasks_.at(key).fails_on_lease_end;
}

bool task_book::has_parents(key_type key) const {
  return tasks_.at(key).has_parents;
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

task_channels task_book::standings() const {
  task_channels result;
  for (const auto& [name, total] : totals_) {
    auto line = lines_.find(name);
    auto is_known = line != lines_.end();
    result.channels.push_back({name, total,
                               total - (is_known ? line->second.live : 0),
                               is_known ? line->second.assigned : 0});
  }
  return result;
}

void task_book::count(const channel_change& x) {
  auto& total = totals_[x.name];
  total += static_cast<std::uint64_t>(x.count);
  if (total == 0)
    totals_.erase(x.name);
}

std::vector<std::string> task_book::channels() const {
  std::vector<std::string> result;
  for (const auto& [name, line] : lines_)
    if (line.live > 0)
      result.push_back(name);
  return result;
}

std::vector<std::string> task_book::take_new_channels() {
  return std::exchange(new_channels_, {});
}

// -- what time does -----------------------------------------------------------

std::vector<task_book::key_type>
task_book::advance(timestamp now, change_tasks& out) {
  auto was = std::exchange(now_, now);
  std::vector<key_type> back;
  open_gates(now < was);
  while (!lease_ends_.empty() && lease_ends_.begin()->first <= now) {
    auto key = lease_ends_.begin()->second;
    lose_lease(at(key), out);
    back.push_back(key);
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
  auto look = [&](const auto& times) {
    if (!times.empty() && (!result || times.begin()->first < *result))
      result = times.begin()->first;
  };
  look(lease_ends_);
  look(delayed_);
  look(opening_lines_);
  look(opening_workgroups_);
  return result;
}

// -- who waits ----------------------------------------------------------------

void task_book::await(const std::string& channel) {
  lines_[channel].is_awaited = true;
}

void task_book::stop_awaiting(const std::string& channel) {
  auto line = lines_.find(channel);
  if (line == lines_.end())
    return;
  line->second.is_awaited = false;
  leave_line(*line);
}

std::vector<std::string> task_book::take_news() {
  return std::exchange(news_, {});
}

} // namespace orc
