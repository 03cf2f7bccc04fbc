#include "actors/account/capacity.hpp"

#include <algorithm>

namespace orc {

namespace {

/// For so long after its end the platform may still count a run.
constexpr std::chrono::milliseconds release_lag{3'000};

/// An answer about limits that took longer is not waited for.
constexpr std::chrono::milliseconds longest_answer{15'000};

/// So many starts tell quickly where an unknown limit is.
constexpr std::uint64_t first_tries = 4;

std::optional<std::uint64_t> count_of(std::optional<mebibytes> x) {
  return x ? std::optional{x->count} : std::nullopt;
}

} // namespace

capacity::capacity(std::optional<mebibytes> max_memory,
                   std::optional<std::uint64_t> max_runs)
  : memory_{count_of(max_memory)}, slots_{max_runs} {
  // nop
}

void capacity::change_caps(std::optional<mebibytes> max_memory,
                           std::optional<std::uint64_t> max_runs) {
  memory_.change_cap(count_of(max_memory));
  slots_.change_cap(max_runs);
}

void capacity::reserve(run_key key, mebibytes amount) {
  if (!held_.emplace(key, reservation{amount, std::nullopt}).second)
    return;
  ++starting_;
  memory_.hold(amount.count);
  slots_.hold(1);
}

bool capacity::confirm(run_key key, mebibytes amount, timestamp now) {
  auto i = held_.find(key);
  if (i == held_.end())
    return false;
  auto& x = i->second;
  auto was_starting = !x.running_since;
  if (!was_starting && x.memory == amount)
    return false;
  memory_.give_back(x.memory.count, !was_starting, now);
  memory_.hold(amount.count);
  memory_.confirm(amount.count, now);
  x.memory = amount;
  if (was_starting) {
    --starting_;
    slots_.confirm(1, now);
    x.running_since = now;
  }
  return was_starting;
}

std::optional<capacity::reservation>
capacity::release(run_key key, timestamp now) {
  auto node = held_.extract(key);
  if (node.empty())
    return std::nullopt;
  const auto& x = node.mapped();
  auto was_running = x.running_since.has_value();
  starting_ -= was_running ? 0 : 1;
  memory_.give_back(x.memory.count, was_running, now);
  slots_.give_back(1, was_running, now);
  forget_released(now - release_lag - longest_answer);
  released_.push_back({now, x.memory, was_running});
  return x;
}

void capacity::refused_memory(mebibytes amount, timestamp now) {
  memory_.refused(amount.count, leaving_at(now).memory, now);
}

void capacity::refused_slot(timestamp now) {
  slots_.refused(1, leaving_at(now).runs, now);
}

capacity::leaving capacity::leaving_at(timestamp now) const {
  leaving result;
  for (const auto& x : released_) {
    if (!x.was_running || x.at < now - release_lag)
      continue;
    ++result.runs;
    result.memory += x.memory.count;
  }
  return result;
}

void capacity::limits_asked(timestamp now) {
  asked_at_ = now;
}

void capacity::limits_known(const account_limits& x) {
  std::uint64_t certain_runs = 0;
  std::uint64_t certain_memory = 0;
  for (const auto& [key, held] : held_) {
    if (!held.running_since || *held.running_since >= asked_at_)
      continue;
    ++certain_runs;
    certain_memory += held.memory.count;
  }
  forget_released(asked_at_ - release_lag);
  auto possible_memory = memory_.held() - certain_memory;
  for (const auto& gone : released_)
    possible_memory += gone.memory.count;
  auto possible_runs = slots_.held() - certain_runs + released_.size();
  memory_.observe(x.max_memory.count, x.used_memory.count, certain_memory,
                  possible_memory);
  slots_.observe(x.max_runs, x.active_runs, certain_runs, possible_runs);
}

void capacity::limits_unknown() {
  memory_.learn();
  slots_.learn();
}

bool capacity::may_try_more() const {
  if (slots_.source() != limits_source::refusals)
    return true;
  auto running = slots_.held() - starting_;
  return starting_ < std::max(first_tries, running);
}

void capacity::forget_released(timestamp before) {
  while (!released_.empty() && released_.front().at < before)
    released_.pop_front();
}

} // namespace orc
