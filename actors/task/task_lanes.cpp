// Limits, and the lanes that keep what they hold up out of the way of others.

#include "actors/task/task_book.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <utility>

namespace orc {

namespace {

/// @returns how many tasks only limits may hold up.
std::uint64_t waiting_in(const task_lane& x) {
  return x.group->is_held() ? 0 : x.ready.size();
}

} // namespace

task_lane* task_book::lane_of(line_node* line, grouped_tasks* group,
                              workgroup_node* workgroup) {
  auto [known, is_new] = lanes_.try_emplace({line, group, workgroup});
  auto& lane = known->second;
  if (is_new) {
    lane.line = line;
    lane.group = group;
    lane.workgroup = workgroup;
    group->lanes.insert(&lane);
    if (workgroup)
      workgroup->second.lanes.insert(&lane);
  }
  return &lane;
}

/// @pre it is withdrawn, and no worker has it
void task_book::leave_lane(waiting_task& x) {
  if (!x.lane)
    return;
  auto* lane = std::exchange(x.lane, nullptr);
  auto* line = lane->line;
  --line->second.live;
  if (--lane->live > 0)
    return;
  lane->group->lanes.erase(lane);
  if (lane->workgroup)
    lane->workgroup->second.lanes.erase(lane);
  lanes_.erase({line, lane->group, lane->workgroup});
  leave_line(*line);
}

void task_book::leave_line(line_node& x) {
  const auto& is = x.second;
  if (is.live > 0 || is.is_awaited || is.is_serial || is.gate.limits()
      || is.opens_at)
    return;
  lines_.erase(lines_.find(x.first));
}

void task_book::leave_workgroup(waiting_task& x) {
  if (!x.workgroup)
    return;
  auto* node = std::exchange(x.workgroup, nullptr);
  auto& is = node->second;
  is.members.erase(x.key);
  if (!is.members.empty() || is.gate.limits())
    return;
  workgroups_.erase(workgroups_.find(node->first));
}

void task_book::show(task_lane& x) {
  std::optional<task_rank> wanted;
  if (!x.ready.empty() && x.is_open())
    wanted = *x.ready.begin();
  if (wanted == x.shown)
    return;
  auto& heads = x.line->second.heads;
  if (x.shown)
    heads.erase({*x.shown, &x});
  x.shown = wanted;
  if (!wanted)
    return;
  heads.insert({*wanted, &x});
  tell_awaiting(*x.line);
}

void task_book::show_lanes_of(const grouped_tasks& x) {
  for (auto* lane : x.lanes) {
    show(*lane);
    count_delayed(*lane);
  }
}

void task_book::count_delayed(task_lane& x) {
  auto& line = x.line->second;
  line.delayed -= x.counted_delayed;
  x.counted_delayed = x.group->is_held() ? 0 : x.delayed;
  line.delayed += x.counted_delayed;
}

void task_book::tell_awaiting(line_node& x) {
  auto& line = x.second;
  if (line.is_open && !line.heads.empty()
      && std::exchange(line.is_awaited, false))
    news_.push_back(x.first);
}

// -- gates --------------------------------------------------------------------

template <class Node>
bool task_book::look(Node& x) {
  auto& is = x.second;
  if (!is.gate.limits() && is.is_open && !is.opens_at)
    return false;
  is.gate.observe(now_);
  auto opens_at = is.gate.opens_at(now_);
  if (opens_at != is.opens_at) {
    if constexpr (std::is_same_v<Node, line_node>) {
      if (is.opens_at)
        opening_lines_.erase({*is.opens_at, &x});
      if (opens_at)
        opening_lines_.insert({*opens_at, &x});
    } else {
      if (is.opens_at)
        opening_workgroups_.erase({*is.opens_at, &x});
      if (opens_at)
        opening_workgroups_.insert({*opens_at, &x});
    }
    is.opens_at = opens_at;
  }
  auto is_open = is.gate.is_open(now_);
  return std::exchange(is.is_open, is_open) != is_open;
}

void task_book::look_at(line_node& x) {
  if (look(x))
    tell_awaiting(x);
}

void task_book::look_at(workgroup_node& x) {
  if (look(x))
    for (auto* lane : x.second.lanes)
      show(*lane);
}

void task_book::open_gates(bool all) {
  auto due = [&](const auto& times) {
    return !times.empty() && times.begin()->first <= now_;
  };
  while (due(opening_lines_))
    look_at(*opening_lines_.begin()->second);
  while (due(opening_workgroups_))
    look_at(*opening_workgroups_.begin()->second);
  if (!all)
    return;
  for (const auto& [at, line] : std::set{opening_lines_})
    look_at(*line);
  for (const auto& [at, workgroup] : std::set{opening_workgroups_})
    look_at(*workgroup);
}

void task_book::take_slot(waiting_task& x) {
  x.is_counted = true;
  if (x.workgroup) {
    x.workgroup->second.gate.enter();
    look_at(*x.workgroup);
  }
  if (x.lane) {
    x.lane->line->second.gate.enter();
    look_at(*x.lane->line);
  }
}

void task_book::give_slot(waiting_task& x) {
  if (!std::exchange(x.is_counted, false))
    return;
  if (x.workgroup) {
    x.workgroup->second.gate.leave();
    look_at(*x.workgroup);
  }
  if (x.lane) {
    x.lane->line->second.gate.leave();
    look_at(*x.lane->line);
  }
}

void task_book::spend(waiting_task& x, change_tasks& out) {
  auto take = [&](limit_scope scope, auto& node) {
    auto& gate = node.second.gate;
    if (!gate.limits() || !gate.limits()->rate_per_sec)
      return;
    gate.spend(now_);
    out.spent.push_back({scope, node.first, gate.full_at()});
    look_at(node);
  };
  if (x.workgroup)
    take(limit_scope::workgroup, *x.workgroup);
  take(limit_scope::channel, *x.lane->line);
}

// -- what users see -----------------------------------------------------------

double task_book::limit(const set_task_limits& x) {
  return set_limits(x, std::nullopt);
}

double
task_book::set_limits(const set_task_limits& x, std::optional<double> full_at) {
  auto change = [&](auto& node) {
    auto& gate = node.second.gate;
    gate.limit(x.limits, full_at.value_or(gate.full_at()));
    gate.observe(now_);
    look_at(node);
    return gate.full_at();
  };
  if (x.scope == limit_scope::channel) {
    auto line = lines_.try_emplace(x.name).first;
    auto result = change(*line);
    leave_line(*line);
    return result;
  }
  auto known = workgroups_.try_emplace(x.name).first;
  auto result = change(*known);
  if (!x.limits && known->second.members.empty())
    workgroups_.erase(known);
  return result;
}

limit_standing
task_book::standing_of(const std::string& name, const task_limited& x,
                       std::uint64_t waiting) const {
  limit_standing result;
  const auto& limits = *x.gate.limits();
  result.name = name;
  result.concurrency = limits.concurrency;
  result.rate_per_sec = limits.rate_per_sec;
  if (limits.rate_per_sec)
    result.burst = burst_of(limits);
  result.running = x.gate.running();
  result.waiting = waiting;
  result.tokens = x.gate.tokens(now_);
  result.opens_at = x.gate.opens_at(now_);
  if (!x.gate.is_open(now_))
    result.blocked = x.gate.problem(now_);
  return result;
}

std::vector<limit_standing> task_book::limits(const get_task_limits& x) {
  std::vector<limit_standing> result;
  auto is_asked_for = [&](const auto& node) {
    return node.second.gate.limits()
           && (x.name.empty() || x.name == node.first);
  };
  if (x.scope == limit_scope::workgroup) {
    for (const auto& node : workgroups_)
      if (is_asked_for(node)) {
        std::uint64_t waiting = 0;
        for (const auto* lane : node.second.lanes)
          waiting += waiting_in(*lane);
        result.push_back(standing_of(node.first, node.second, waiting));
      }
    return result;
  }
  for (auto& node : lines_)
    if (is_asked_for(node)) {
      std::uint64_t waiting = 0;
      for (auto lane = lanes_.lower_bound({&node, nullptr, nullptr});
           lane != lanes_.end() && lane->second.line == &node; ++lane)
        waiting += waiting_in(lane->second);
      result.push_back(standing_of(node.first, node.second, waiting));
    }
  return result;
}

std::string
task_book::wait_for_limits(const waiting_task& x, task_standing& how) const {
  if (x.workgroup && !x.workgroup->second.is_open) {
    const auto& gate = x.workgroup->second.gate;
    how.state = task_state::workgroup;
    how.until = gate.opens_at(now_);
    return fmt::format("workgroup {} is at its limit: {}", x.workgroup->first,
                       gate.problem(now_));
  }
  if (const auto& line = *x.lane->line; !line.second.is_open) {
    how.state = task_state::channel;
    how.until = line.second.gate.opens_at(now_);
    return fmt::format("channel {} is at its limit: {}", line.first,
                       line.second.gate.problem(now_));
  }
  return fmt::format("waits for a worker of channel {}", x.lane->line->first);
}

task_standing task_book::explain(key_type key) const {
  const auto& x = tasks_.at(key);
  task_standing how;
  how.id = id_of(key);
  auto say = [&](task_state state, std::string reason,
                 std::optional<timestamp> until = std::nullopt) {
    how.state = state;
    how.reason = std::move(reason);
    how.until = until;
    return how;
  };
  if (x.is_leased) {
    const auto& lease = leases_.at(key);
    return say(task_state::assigned,
               fmt::format("worker {} has it", lease.worker), lease.until);
  }
  if (!x.lane)
    return say(task_state::homeless,
               "it has no channel: no worker asks for it");
  if (x.attempts < 1)
    return say(task_state::given_up,
               "it has no attempts left; `tasks redrive` gives it some");
  const auto& group = x.lane->group->is;
  if (group.resetting_until != 0)
    return say(task_state::paused, "its group is being reset or removed");
  if (group.is_paused)
    return say(task_state::paused,
               fmt::format("its group {} is paused", id_of_group(group)));
  if (x.has_parents && !x.parents_complete)
    return say(task_state::parents,
               fmt::format("{} of its parents are not complete",
                           x.open_parents.size()));
  if (x.twins && x.twins->second.leased > 0)
    return say(task_state::key,
               fmt::format("a worker has another task of the key {}",
                           x.twins->first.second));
  if (x.run_after > now_)
    return say(task_state::delayed,
               fmt::format("not before {}", to_string(x.run_after)),
               x.run_after);
  how.reason = wait_for_limits(x, how);
  return how;
}

} // namespace orc
