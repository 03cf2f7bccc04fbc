// What pools of local workers ask of the book.

#include "actors/task/task_book.hpp"

#include <algorithm>

namespace orc {

namespace {

/// So many workers no pool has: to count more is of no use.
constexpr std::uint64_t enough = 10'000;

} // namespace

channel_load task_book::load_of(const std::string& channel) const {
  auto line = lines_.find(channel);
  if (line == lines_.end())
    return {channel};
  const auto& x = line->second;
  // What limits hold up needs no worker.
  std::uint64_t ready = 0;
  if (x.is_open)
    for (const auto& [rank, lane] : x.heads)
      if (ready += lane->ready.size(); ready >= enough)
        break;
  return {channel, ready, x.assigned, x.delayed};
}

void task_book::set_serial(const std::string& channel, bool serial) {
  auto line = lines_.try_emplace(channel).first;
  line->second.is_serial = serial;
  leave_line(*line);
}

std::vector<task_book::key_type>
task_book::lose(const lose_worker& x, change_tasks& out) {
  std::vector<key_type> result;
  auto hands = x.worker + "/";
  for (const auto& [key, lease] : leases_)
    if (lease.worker == x.worker || lease.worker.starts_with(hands))
      result.push_back(key);
  std::sort(result.begin(), result.end());
  for (auto key : result) {
    // One of the same key may have taken it along.
    if (!leases_.contains(key))
      continue;
    if (!x.error.empty()) {
      release_task failure;
      failure.error = x.error;
      fail(key, failure, out);
      continue;
    }
    lose_lease(at(key), out);
  }
  return result;
}

} // namespace orc
