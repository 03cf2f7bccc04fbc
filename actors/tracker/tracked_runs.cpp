#include "actors/tracker/tracked_runs.hpp"

namespace orc {

tracked_runs::entry* tracked_runs::find(const std::string& id) {
  auto i = entries_.find(id);
  return i != entries_.end() ? &i->second : nullptr;
}

void tracked_runs::add(const std::string& id, timestamp started_at) {
  auto [i, added] = entries_.try_emplace(id);
  if (!added)
    return;
  i->second.started_at = started_at;
  i->second.sweep = sweep_;
  by_start_.emplace(started_at, id);
}

void tracked_runs::remove(const std::string& id) {
  auto i = entries_.find(id);
  if (i == entries_.end())
    return;
  auto [first, last] = by_start_.equal_range(i->second.started_at);
  for (auto j = first; j != last; ++j)
    if (j->second == id) {
      by_start_.erase(j);
      break;
    }
  entries_.erase(i);
}

timestamp tracked_runs::oldest() const {
  return by_start_.begin()->first;
}

void tracked_runs::saw(const std::string& id) {
  if (auto* x = find(id)) {
    x->sweep = sweep_;
    x->missing_since.reset();
  }
}

std::vector<std::string> tracked_runs::unseen() const {
  std::vector<std::string> result;
  for (const auto& [id, x] : entries_)
    if (x.sweep < sweep_ && !x.asked)
      result.push_back(id);
  return result;
}

std::vector<std::string> tracked_runs::unasked() const {
  std::vector<std::string> result;
  for (const auto& [id, x] : entries_)
    if (!x.asked)
      result.push_back(id);
  return result;
}

} // namespace orc
