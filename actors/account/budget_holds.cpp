#include "actors/account/budget_holds.hpp"

#include <utility>

namespace orc {

namespace {

constexpr std::size_t tried_at_once = 8;

} // namespace

void budget_holds::hold(const run_class& kind, std::string budget,
                        std::string reason) {
  lines_.insert_or_assign(kind, held{std::move(budget), std::move(reason)});
}

std::vector<queued_run>
budget_holds::park(const queued_run& x, std::string budget,
                   std::string reason) {
  auto tried = end_try(x.key);
  auto found_money = tried && *tried != budget;
  budget_of_.insert_or_assign(x.key, budget);
  auto& waiting = lots_[std::move(budget)];
  waiting.reason = std::move(reason);
  waiting.runs.insert_or_assign(x.key, x);
  return found_money ? try_others(*tried) : std::vector<queued_run>{};
}

bool budget_holds::cancel(run_key key) {
  auto node = budget_of_.extract(key);
  if (node.empty())
    return false;
  lots_[node.mapped()].runs.erase(key);
  return true;
}

std::vector<queued_run>
budget_holds::open(const std::string& budget, std::uint64_t openings) {
  opened_.insert_or_assign(budget, openings);
  std::erase_if(lines_,
                [&](const auto& x) { return x.second.budget == budget; });
  return try_some(budget);
}

std::vector<queued_run> budget_holds::started(run_key key) {
  auto budget = end_try(key);
  return budget ? try_some(*budget) : std::vector<queued_run>{};
}

std::vector<queued_run> budget_holds::forget(run_key key) {
  auto budget = end_try(key);
  return budget ? try_others(*budget) : std::vector<queued_run>{};
}

std::optional<std::string>
budget_holds::reason(run_key key, const run_class& kind) const {
  if (auto i = budget_of_.find(key); i != budget_of_.end())
    return lots_.at(i->second).reason;
  if (auto i = lines_.find(kind); i != lines_.end())
    return i->second.reason;
  return std::nullopt;
}

std::vector<queued_run> budget_holds::try_some(const std::string& budget) {
  std::vector<queued_run> result;
  auto i = lots_.find(budget);
  if (i == lots_.end())
    return result;
  auto& runs = i->second.runs;
  while (!runs.empty() && result.size() < tried_at_once) {
    auto node = runs.extract(runs.begin());
    budget_of_.erase(node.key());
    trying_.emplace(node.key(), budget);
    ++tries_[budget];
    result.push_back(std::move(node.mapped()));
  }
  if (runs.empty())
    lots_.erase(i);
  return result;
}

/// @returns the budget that the run tried for, if it did.
std::optional<std::string> budget_holds::end_try(run_key key) {
  auto node = trying_.extract(key);
  if (node.empty())
    return std::nullopt;
  auto tries = tries_.find(node.mapped());
  if (--tries->second == 0)
    tries_.erase(tries);
  return std::move(node.mapped());
}

/// Where somebody still tries, the others learn from that.
std::vector<queued_run> budget_holds::try_others(const std::string& budget) {
  return tries_.contains(budget) ? std::vector<queued_run>{} : try_some(budget);
}

} // namespace orc
