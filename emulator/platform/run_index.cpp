#include "emulator/platform/run_index.hpp"

#include <algorithm>
#include <numeric>

namespace orc::emulator {

namespace {

bool earlier(const run* x, const run* y) {
  return x->number < y->number;
}

/// A part of a column that is still to be merged.
struct range {
  run* const* first;
  run* const* last;
};

/// The part of a column that lies between two moments.
range part_of(const std::vector<run*>& column, const run_filter& filter) {
  const auto* first = column.data();
  const auto* last = first + column.size();
  if (filter.started_after)
    first = std::lower_bound(first, last, *filter.started_after,
                             [](const run* x, moment when) {
                               return x->started_at < when;
                             });
  if (filter.started_before)
    last = std::upper_bound(first, last, *filter.started_before,
                            [](moment when, const run* x) {
                              return when < x->started_at;
                            });
  return {first, last};
}

/// Takes the run that is first, or last, of all ranges.
run* take(std::vector<range>& ranges, bool from_end) {
  auto best = ranges.begin();
  for (auto i = std::next(best); i != ranges.end(); ++i)
    if (from_end ? earlier(best->last[-1], i->last[-1])
                 : earlier(*i->first, *best->first))
      best = i;
  auto* result = from_end ? *--best->last : *best->first++;
  if (best->first == best->last)
    ranges.erase(best);
  return result;
}

std::vector<run_status> all_if_none(std::vector<run_status> statuses) {
  if (statuses.empty())
    for (auto i = std::size_t{0}; i < run_status_count; ++i)
      statuses.push_back(static_cast<run_status>(i));
  return statuses;
}

} // namespace

void run_index::add(run& x) {
  auto& runs = by_status_[static_cast<std::size_t>(x.status)];
  runs.insert(std::upper_bound(runs.begin(), runs.end(), &x, earlier), &x);
}

void run_index::remove(const run& x) {
  auto& runs = by_status_[static_cast<std::size_t>(x.status)];
  const auto i = std::lower_bound(runs.begin(), runs.end(), &x, earlier);
  if (i != runs.end() && *i == &x)
    runs.erase(i);
}

run_page run_index::list(const run_filter& filter) const {
  auto ranges = std::vector<range>{};
  auto result = run_page{};
  for (const auto status : all_if_none(filter.statuses)) {
    const auto part
      = part_of(by_status_[static_cast<std::size_t>(status)], filter);
    result.total += static_cast<std::size_t>(part.last - part.first);
    if (part.first != part.last)
      ranges.push_back(part);
  }
  for (auto i = std::size_t{0};
       !ranges.empty() && result.items.size() < filter.limit; ++i) {
    const auto* x = take(ranges, filter.descending);
    if (i >= filter.offset)
      result.items.push_back(x);
  }
  return result;
}

run* run_index::last(const std::vector<run_status>& statuses,
                     std::string_view origin) const {
  run* result = nullptr;
  for (const auto status : all_if_none(statuses)) {
    const auto& runs = by_status_[static_cast<std::size_t>(status)];
    const auto i
      = std::find_if(runs.rbegin(), runs.rend(), [origin](const run* x) {
          return origin.empty() || x->meta.origin == origin;
        });
    if (i != runs.rend() && (result == nullptr || earlier(result, *i)))
      result = *i;
  }
  return result;
}

std::size_t run_index::size() const noexcept {
  return std::accumulate(by_status_.begin(), by_status_.end(), std::size_t{0},
                         [](std::size_t n, const column& x) {
                           return n + x.size();
                         });
}

} // namespace orc::emulator
