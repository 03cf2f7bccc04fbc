#include "actors/pool/pool_plan.hpp"

#include "actors/pool/spawn_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

/// A worker that ends with an error so soon has not worked: it cannot be run.
constexpr std::chrono::milliseconds too_soon{1'000};

/// Before that many intervals a worker that is the only one of its type does
/// not make room for others: it would hardly have done anything.
constexpr int least_turn = 10;

std::uint64_t staying(const pool_plan::type_state& x) {
  return static_cast<std::uint64_t>(
    std::count_if(x.workers.begin(), x.workers.end(),
                  [](const auto& y) { return !y.leaves; }));
}

} // namespace

pool_plan::pool_plan(pool_settings settings, bool exits)
  : settings_{std::move(settings)}, exits_{exits},
    types_(settings_.types.size()) {
  // nop
}

// -- decisions ----------------------------------------------------------------

pool_plan::step
pool_plan::tick(const std::vector<channel_load>& loads, timestamp now) {
  for (std::size_t i = 0; i < types_.size(); ++i) {
    types_[i].load = loads[i];
    forgive(types_[i], now);
  }
  step result;
  result.line = line();
  count_idle(result);
  result.start = choose(now);
  make_room(result, now);
  stop_quiet_ones(result, now);
  result.complete = should_exit();
  return result;
}

bool pool_plan::wants_worker(std::size_t type, std::uint64_t all,
                             timestamp now) const {
  const auto& x = types_[type];
  if (x.waits_until && *x.waits_until > now)
    return false;
  const auto& is = settings_.types[type];
  return should_spawn({x.load.ready, x.workers.size(), is.limit, all,
                       settings_.limit, is.tasks_per_worker});
}

std::vector<std::size_t> pool_plan::choose(timestamp now) {
  std::vector<std::size_t> result;
  std::vector<std::size_t> wanting;
  auto all = worker_count();
  for (std::size_t i = 0; i < types_.size(); ++i)
    if (wants_worker(i, all, now))
      wanting.push_back(i);
  while (!wanting.empty() && all < settings_.limit) {
    auto next = next_in_round(wanting);
    result.push_back(next);
    std::erase(wanting, next);
    ++all;
  }
  return result;
}

/// Smooth weighted round robin; who has nobody yet goes before all others.
std::size_t pool_plan::next_in_round(const std::vector<std::size_t>& wanting) {
  double sum = 0;
  for (auto i : wanting) {
    types_[i].credit += settings_.types[i].weight;
    sum += settings_.types[i].weight;
  }
  auto rank = [this](std::size_t i) {
    return std::pair{types_[i].workers.empty(), types_[i].credit};
  };
  auto best = *std::max_element(wanting.begin(), wanting.end(),
                                [&](std::size_t x, std::size_t y) {
                                  return rank(x) < rank(y);
                                });
  types_[best].credit -= sum;
  return best;
}

/// Where the limit of all binds and a type with tasks has nobody, one worker of
/// the type that has most for its weight makes room.
void pool_plan::make_room(step& result, timestamp now) {
  auto all = worker_count() + result.start.size();
  auto leaves
    = [](const type_state& x) { return staying(x) < x.workers.size(); };
  if (all < settings_.limit
      || std::any_of(types_.begin(), types_.end(), leaves))
    return;
  auto starves = [this, now](std::size_t i) {
    return types_[i].workers.empty() && wants_worker(i, 0, now);
  };
  auto some = false;
  for (std::size_t i = 0; i < types_.size(); ++i)
    some = some
           || (starves(i)
               && std::find(result.start.begin(), result.start.end(), i)
                    == result.start.end());
  if (!some)
    return;
  worker* victim = nullptr;
  auto by_signal = false;
  auto most = 0.0;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    auto& x = types_[i];
    auto share
      = static_cast<double>(x.workers.size()) / settings_.types[i].weight;
    if (x.workers.empty() || share <= most)
      continue;
    auto& oldest = x.workers.front();
    if (x.workers.size() == 1
        && now - oldest.since < least_turn * settings_.interval)
      continue;
    victim = &oldest;
    most = share;
    by_signal = settings_.types[i].protocol == worker_protocol::worker;
  }
  if (!victim)
    return;
  victim->leaves = true;
  // Only the kit knows how to leave after its task.
  (by_signal ? result.stop : result.retire).push_back(victim->id);
}

void pool_plan::stop_quiet_ones(step& result, timestamp now) {
  for (std::size_t i = 0; i < types_.size(); ++i) {
    auto& x = types_[i];
    const auto& is = settings_.types[i];
    if (x.load.ready + x.load.assigned > 0 || x.workers.empty()) {
      x.quiet_since.reset();
      continue;
    }
    if (!x.quiet_since)
      x.quiet_since = now;
    if (is.idle_exit.count() == 0 || is.protocol == worker_protocol::task
        || now - *x.quiet_since < is.idle_exit)
      continue;
    for (auto& one : x.workers)
      if (!std::exchange(one.leaves, true))
        result.stop.push_back(one.id);
  }
}

void pool_plan::count_idle(step& result) {
  if (has_pending() || has_workers()) {
    idle_ = 0;
    return;
  }
  result.became_idle = ++idle_ == 1;
}

bool pool_plan::has_nothing_to_come() const {
  return !has_pending() && !has_workers() && !has_future();
}

bool pool_plan::should_exit() const {
  return exits_ && settings_.idle_ticks > 0 && has_nothing_to_come()
         && idle_ >= settings_.idle_ticks;
}

bool pool_plan::needs_ticks() const {
  if (has_pending())
    return true;
  if (!has_workers())
    return exits_ && settings_.idle_ticks > 0;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    const auto& x = types_[i];
    // Workers that wait for tasks in peace need nobody to look after them.
    if (!x.workers.empty()
        && (x.load.assigned > 0 || settings_.types[i].idle_exit.count() > 0))
      return true;
  }
  return false;
}

// -- what has happened --------------------------------------------------------

void pool_plan::started(std::size_t type, const std::string& id,
                        timestamp now) {
  types_[type].workers.push_back({id, now});
  types_[type].quiet_since.reset();
}

void pool_plan::not_started(std::size_t type, const std::string& why,
                            timestamp now) {
  note_failure(types_[type], why, now);
}

void pool_plan::note_failure(type_state& x, const std::string& why,
                             timestamp now) const {
  x.problem = why;
  if (++x.failures < std::max<std::uint64_t>(settings_.failures, 1))
    return;
  auto doublings
    = std::min<std::uint64_t>(x.failures - settings_.failures + 1, 20);
  std::chrono::milliseconds wait = settings_.interval * (1L << doublings);
  x.waits_until = now + std::min(wait, settings_.longest_backoff);
}

/// Whoever works for a while can be run.
void pool_plan::forgive(type_state& x, timestamp now) const {
  auto works = [now](const worker& y) { return now - y.since >= too_soon; };
  if (!std::any_of(x.workers.begin(), x.workers.end(), works))
    return;
  x.failures = 0;
  x.waits_until.reset();
  x.problem.reset();
}

std::optional<std::size_t>
pool_plan::ended(const std::string& id, bool failed, const std::string& why,
                 timestamp now) {
  for (std::size_t i = 0; i < types_.size(); ++i) {
    auto& x = types_[i];
    auto one = std::find_if(x.workers.begin(), x.workers.end(),
                            [&](const auto& y) { return y.id == id; });
    if (one == x.workers.end())
      continue;
    if (failed && now - one->since < too_soon) {
      note_failure(x, why, now);
    } else {
      x.failures = 0;
      x.waits_until.reset();
      x.problem.reset();
    }
    x.workers.erase(one);
    return i;
  }
  return std::nullopt;
}

// -- how it stands ------------------------------------------------------------

bool pool_plan::has_pending() const {
  return std::any_of(types_.begin(), types_.end(),
                     [](const auto& x) { return x.load.ready > 0; });
}

bool pool_plan::has_workers() const {
  return worker_count() > 0;
}

bool pool_plan::has_future() const {
  return std::any_of(types_.begin(), types_.end(), [](const auto& x) {
    return x.load.delayed + x.load.assigned > 0;
  });
}

std::uint64_t pool_plan::worker_count() const {
  std::uint64_t result = 0;
  for (const auto& x : types_)
    result += x.workers.size();
  return result;
}

std::string pool_plan::line() const {
  std::string result;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    const auto& x = types_[i];
    if (x.load.ready == 0 && x.workers.empty())
      continue;
    result
      += fmt::format("{}{}={}q/{}w", result.empty() ? "" : " ",
                     settings_.types[i].name, x.load.ready, x.workers.size());
  }
  return result;
}

} // namespace orc
