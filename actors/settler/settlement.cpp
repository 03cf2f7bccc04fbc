#include "actors/settler/settlement.hpp"

#include "actors/run/cost.hpp"

namespace orc {

settlement::settlement(std::vector<run_record> records,
                       timestamp settled_before)
  : records_{std::move(records)}, settled_before_{settled_before} {
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const auto& view = records_[i].view;
    if (view.state == run_state::finished && view.dataset_id)
      by_dataset_.emplace(*view.dataset_id, i);
    const auto& attempts = view.attempts;
    for (std::size_t j = 0; j < attempts.size(); ++j) {
      const auto& x = attempts[j];
      if (!x.run_id)
        continue;
      unread_.emplace(*x.run_id, place{i, j});
      by_start_.emplace(x.started_at.value_or(timestamp{}), *x.run_id);
    }
  }
}

std::vector<std::string> settlement::unread() const {
  std::vector<std::string> result;
  result.reserve(by_start_.size());
  for (const auto& [started_at, id] : by_start_)
    result.push_back(id);
  return result;
}

timestamp settlement::earliest_start() const {
  return by_start_.begin()->first;
}

void settlement::saw(const remote_run& x) {
  auto i = unread_.find(x.id);
  if (i == unread_.end())
    return;
  auto& view = records_[i->second.record].view;
  auto& known = view.attempts[i->second.attempt].usage_total_usd;
  if (x.usage_total_usd && x.usage_total_usd != known) {
    known = x.usage_total_usd;
    view.usage_total_usd = cost_of(view);
    changed_.insert(i->second.record);
  }
  forget(x.id);
}

void settlement::nothing_more(const std::string& id) {
  forget(id);
}

void settlement::postpone(const std::string& id) {
  auto i = unread_.find(id);
  if (i == unread_.end())
    return;
  postponed_.insert(i->second.record);
  forget(id);
}

std::vector<std::string> settlement::datasets() const {
  std::vector<std::string> result;
  for (const auto& [id, index] : by_dataset_)
    result.push_back(id);
  return result;
}

std::vector<std::string> settlement::uncounted() const {
  std::vector<std::string> result;
  for (const auto& [id, index] : by_dataset_)
    if (!records_[index].view.item_count)
      result.push_back(id);
  return result;
}

void settlement::counted(const std::string& dataset_id, std::uint64_t items) {
  auto i = by_dataset_.find(dataset_id);
  if (i == by_dataset_.end())
    return;
  auto& known = records_[i->second].view.item_count;
  if (known == items)
    return;
  known = items;
  changed_.insert(i->second);
}

std::vector<run_record> settlement::news() const {
  std::vector<run_record> result;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    if (!is_settled(i) && !changed_.contains(i))
      continue;
    result.push_back(records_[i]);
    result.back().unsettled = !is_settled(i);
  }
  return result;
}

bool settlement::is_settled(std::size_t index) const {
  const auto& end = records_[index].view.finished_at;
  return !postponed_.contains(index) && (!end || *end <= settled_before_);
}

void settlement::forget(const std::string& id) {
  auto i = unread_.find(id);
  if (i == unread_.end())
    return;
  const auto& [record, attempt] = i->second;
  const auto& x = records_[record].view.attempts[attempt];
  by_start_.erase({x.started_at.value_or(timestamp{}), id});
  unread_.erase(i);
}

} // namespace orc
