#include "actors/account/admission_queue.hpp"

#include <algorithm>
#include <tuple>

namespace orc {

bool admission_queue::push(const run_class& kind, run_key key,
                           std::optional<timestamp> not_before) {
  if (!waiting_.insert(key))
    return false;
  // Its old entry must not pass for the new one, which may be another class.
  if (erased_.contains(key))
    purge_erased();
  auto id = line_of(kind);
  if (not_before)
    delayed_.push({*not_before, key, id});
  else
    enter(id, key);
  return true;
}

bool admission_queue::erase(run_key key) {
  if (!waiting_.erase(key))
    return false;
  // Its entry stays in its line until it comes to the front, or the run again.
  erased_.insert(key);
  has_erased_ = true;
  return true;
}

bool admission_queue::release_due(timestamp now) {
  auto any = false;
  while (!delayed_.empty() && delayed_.top().due <= now) {
    auto next = delayed_.top();
    delayed_.pop();
    if (!erased_.erase(next.key))
      enter(next.line, next.key);
    any = true;
  }
  return any;
}

std::optional<timestamp> admission_queue::next_due() const {
  if (delayed_.empty())
    return std::nullopt;
  return delayed_.top().due;
}

std::optional<line_front> admission_queue::find(
  const std::function<admission_verdict(const line_front&)>& judge) {
  skip_all_erased();
  for (const auto& [priority, level] : levels_) {
    for (auto space : fair_order(level)) {
      for (const auto& [key, id] : level.at(space)) {
        auto front = line_front{id, key, &lines_[id].kind};
        auto answer = judge(front);
        if (answer == admission_verdict::take)
          return front;
        if (answer == admission_verdict::stop)
          return std::nullopt;
      }
    }
  }
  return std::nullopt;
}

void admission_queue::pop(const line_front& x) {
  waiting_.erase(x.key);
  skip_erased(x.line);
}

void admission_queue::charge(std::uint32_t space, std::int64_t amount) {
  auto& served = service_of(space);
  if (amount > 0)
    last_got_ = served.got;
  served.got += amount;
}

std::uint64_t
admission_queue::count_before(const run_class& kind, run_key key) const {
  std::uint64_t result = 0;
  for (const auto& [priority, level] : levels_) {
    if (priority < kind.priority)
      break;
    for (const auto& [space, lines] : level)
      for (const auto& [front, id] : lines)
        result += priority > kind.priority ? lines_[id].runs.size()
                                           : lines_[id].runs.count_before(key);
  }
  return result;
}

std::uint32_t admission_queue::line_of(const run_class& kind) {
  auto next = static_cast<std::uint32_t>(lines_.size());
  auto [i, added] = line_ids_.emplace(kind, next);
  if (added)
    lines_.push_back({kind, {}});
  return i->second;
}

void admission_queue::enter(std::uint32_t id, run_key key) {
  auto& runs = lines_[id].runs;
  if (!runs.empty() && runs.front() < key) {
    runs.push(key);
    return;
  }
  hide(id);
  catch_up(lines_[id].kind.space);
  runs.push(key);
  show(id);
}

void admission_queue::catch_up(std::uint32_t space) {
  auto& served = service_of(space);
  if (served.busy_lines > 0)
    return;
  auto least = std::optional<std::int64_t>{};
  for (const auto& other : services_)
    if (other.busy_lines > 0)
      least = std::min(other.got, least.value_or(other.got));
  served.got = std::max(served.got, least.value_or(last_got_));
}

void admission_queue::show(std::uint32_t id) {
  const auto& [kind, runs] = lines_[id];
  if (runs.empty())
    return;
  levels_[kind.priority][kind.space].emplace(runs.front(), id);
  ++service_of(kind.space).busy_lines;
}

void admission_queue::hide(std::uint32_t id) {
  const auto& [kind, runs] = lines_[id];
  if (runs.empty())
    return;
  auto level = levels_.find(kind.priority);
  auto space = level->second.find(kind.space);
  space->second.erase({runs.front(), id});
  if (space->second.empty())
    level->second.erase(space);
  if (level->second.empty())
    levels_.erase(level);
  --service_of(kind.space).busy_lines;
}

void admission_queue::skip_erased(std::uint32_t id) {
  auto& runs = lines_[id].runs;
  hide(id);
  while (!runs.empty() && !waiting_.contains(runs.front())) {
    erased_.erase(runs.front());
    runs.pop();
  }
  show(id);
}

void admission_queue::skip_all_erased() {
  if (!has_erased_)
    return;
  for (std::uint32_t id = 0; id < lines_.size(); ++id)
    skip_erased(id);
  has_erased_ = false;
}

/// All at once: what is taken out together mostly comes again together.
void admission_queue::purge_erased() {
  auto gone = [this](run_key x) { return erased_.contains(x); };
  for (std::uint32_t id = 0; id < lines_.size(); ++id) {
    hide(id);
    lines_[id].runs.erase_if(gone);
    show(id);
  }
  delayed_.erase_if([&](const delayed& x) { return gone(x.key); });
  erased_ = {};
}

std::vector<std::uint32_t> admission_queue::fair_order(const spaces& xs) const {
  std::vector<std::uint32_t> result;
  for (const auto& [space, lines] : xs)
    result.push_back(space);
  auto rank = [&](std::uint32_t x) {
    return std::tuple{services_[x].got, xs.at(x).begin()->first};
  };
  std::ranges::sort(result, {}, rank);
  return result;
}

admission_queue::service& admission_queue::service_of(std::uint32_t space) {
  if (services_.size() <= space)
    services_.resize(space + 1);
  return services_[space];
}

} // namespace orc
