#include "app/progress/run_board.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace orc::app {

namespace {

/// Rows with a lower rank are shown first.
int rank_of(const board_row& x) {
  if (is_final(x.state))
    return succeeded(x) ? 4 : 0;
  switch (x.state) {
    case run_state::running:
      return 1;
    case run_state::starting:
      return 2;
    default:
      return 3;
  }
}

} // namespace

bool succeeded(const board_row& x) {
  return x.state == run_state::finished && x.status == remote_status::succeeded;
}

std::string_view state_name(const board_row& x) {
  if (x.state == run_state::finished && x.status)
    return name_of(*x.status);
  return name_of(x.state);
}

run_board::run_board(const std::vector<run_ref>& names)
  : names_{names}, rows_(names.size()), by_name_(names.size()) {
  std::iota(by_name_.begin(), by_name_.end(), 0U);
  std::sort(by_name_.begin(), by_name_.end(),
            [&](auto x, auto y) { return names_[x] < names_[y]; });
  totals_.runs = names.size();
  totals_.queued = names.size();
}

bool run_board::update(const run& x) {
  auto index = find(x);
  if (index == rows_.size())
    return false;
  auto& row = rows_[index];
  auto was_final = row.submitted && is_final(row.state);
  count(row, -1);
  row.submitted = true;
  row.state = x.state;
  row.status = x.status;
  row.attempts = attempts_used(x);
  row.has_memory = x.memory.has_value();
  row.memory = x.memory.value_or(mebibytes{});
  row.items = x.item_count;
  row.usd = x.usage_total_usd.value_or(0);
  row.started = x.started_at.value_or(timestamp{});
  row.finished = x.finished_at.value_or(timestamp{});
  row.reason = succeeded(row) ? ""
               : x.error      ? x.error->message
                              : x.reason.value_or("");
  count(row, 1);
  return is_final(row.state) && !was_final;
}

bool run_board::contains(const run& x) const {
  return find(x) < rows_.size();
}

bool run_board::knows(const run& x) const {
  auto index = find(x);
  return index < rows_.size() && rows_[index].submitted;
}

void run_board::mark_joined(const run& x) {
  auto index = find(x);
  if (index == rows_.size() || rows_[index].joined)
    return;
  rows_[index].joined = true;
  ++totals_.joined;
}

void run_board::set_reason(std::size_t index, std::string reason) {
  rows_[index].reason = std::move(reason);
}

std::vector<std::size_t> run_board::most_telling(std::size_t count) const {
  std::vector<std::size_t> result(rows_.size());
  std::iota(result.begin(), result.end(), std::size_t{0});
  auto before = [this](auto x, auto y) {
    return std::tuple{rank_of(rows_[x]), x} < std::tuple{rank_of(rows_[y]), y};
  };
  count = std::min(count, result.size());
  std::partial_sort(result.begin(),
                    result.begin() + static_cast<std::ptrdiff_t>(count),
                    result.end(), before);
  result.resize(count);
  return result;
}

std::size_t run_board::find(const run& x) const {
  auto ref = run_ref{x.space, x.name};
  auto i = std::lower_bound(by_name_.begin(), by_name_.end(), ref,
                            [this](auto index, const auto& y) {
                              return names_[index] < y;
                            });
  return i != by_name_.end() && names_[*i] == ref ? *i : rows_.size();
}

void run_board::count(const board_row& x, std::int64_t sign) {
  auto add = [sign](std::uint64_t& total, std::uint64_t y) {
    total += sign > 0 ? y : -y;
  };
  add(!is_final(x.state)
        ? x.state == run_state::queued ? totals_.queued : totals_.live
      : app::succeeded(x) ? totals_.succeeded
                          : totals_.failed,
      1);
  add(totals_.attempts, x.attempts);
  add(totals_.items, x.items.value_or(0));
  totals_.usd += sign > 0 ? x.usd : -x.usd;
}

} // namespace orc::app
