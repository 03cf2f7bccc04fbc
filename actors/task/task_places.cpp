// Where a task stands: ready on its channel, waiting for its time, with a
// worker, or nowhere.

#include "actors/task/task_book.hpp"

#include <utility>

namespace orc {

namespace {

using place = waiting_task::place;

task_rank rank_of(const waiting_task& x) {
  return {-x.priority, x.key};
}

} // namespace

waiting_task& task_book::at(key_type key) {
  return tasks_.at(key);
}

bool task_book::may_run(const waiting_task& x) const {
  return x.lane && !x.is_leased && x.attempts > 0
         && (x.parents_complete || !x.has_parents)
         && (!x.twins || x.twins->second.leased == 0);
}

void task_book::withdraw(waiting_task& x) {
  auto was = std::exchange(x.at, place::nowhere);
  if (was == place::delayed) {
    delayed_.erase({x.run_after, x.key});
    --x.lane->delayed;
    count_delayed(*x.lane);
  }
  if (was != place::ready)
    return;
  x.lane->ready.erase(rank_of(x));
  show(*x.lane);
}

void task_book::settle(waiting_task& x) {
  if (x.at != place::nowhere || !may_run(x))
    return;
  if (x.run_after > now_) {
    x.at = place::delayed;
    delayed_.insert({x.run_after, x.key});
    ++x.lane->delayed;
    count_delayed(*x.lane);
    return;
  }
  x.at = place::ready;
  x.lane->ready.insert(rank_of(x));
  show(*x.lane);
}

void task_book::take_lease(waiting_task& x, const task_lease& lease) {
  x.is_leased = true;
  leases_[x.key] = lease;
  lease_ends_.insert({lease.until, x.key});
  if (x.lane)
    ++x.lane->line->second.assigned;
  if (!x.twins || x.twins->second.leased == 0)
    take_slot(x);
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
  if (x.lane)
    --x.lane->line->second.assigned;
  give_slot(x);
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
  if (x.twins && !x.lane->line->second.is_serial)
    for (auto key : x.twins->second.members)
      if (key != x.key)
        result.push_back(key);
  return result;
}

} // namespace orc
