#include "persistence/run_tally.hpp"

#include <cmath>

namespace orc {

namespace {

run_tally::sums sums_of(const tallied_run& x) {
  return {1, static_cast<std::int64_t>(x.item_count),
          std::llround(x.usage_total_usd * 1e9)};
}

} // namespace

tallied_run make_tallied_run(const run& x) {
  return {x.space, x.state, x.status, x.item_count.value_or(0),
          x.usage_total_usd.value_or(0)};
}

run_tally::sums& run_tally::sums::operator+=(const sums& x) {
  runs += x.runs;
  items += x.items;
  nano_usd += x.nano_usd;
  return *this;
}

void run_tally::add(const tallied_run& x) {
  add({x.space, x.state, x.status}, sums_of(x));
}

void run_tally::remove(const tallied_run& x) {
  auto [runs, items, nano_usd] = sums_of(x);
  add({x.space, x.state, x.status}, {-runs, -items, -nano_usd});
}

void run_tally::add(const group& where, const sums& what) {
  groups_[where] += what;
}

void run_tally::clear() {
  groups_.clear();
}

run_totals run_tally::totals(const std::string& space) const {
  run_totals result;
  std::int64_t nano_usd = 0;
  for (const auto& [where, what] : groups_) {
    if (what.runs == 0 || (!space.empty() && where.space != space))
      continue;
    auto runs = static_cast<std::uint64_t>(what.runs);
    result.states[std::string{name_of(where.state)}] += runs;
    nano_usd += what.nano_usd;
    if (!is_final(where.state))
      continue;
    result.item_count += static_cast<std::uint64_t>(what.items);
    if (where.status)
      result.statuses[std::string{name_of(*where.status)}] += runs;
  }
  result.usage_total_usd = static_cast<double>(nano_usd) / 1e9;
  return result;
}

} // namespace orc
