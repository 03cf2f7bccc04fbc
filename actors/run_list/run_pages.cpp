#include "actors/run_list/run_pages.hpp"

#include <utility>

namespace orc {

namespace {

/// What is asked for; the platform may hand out fewer at a time.
constexpr std::uint32_t page_size = 1000;

} // namespace

run_pages::run_pages(std::vector<remote_status> statuses, timestamp from)
  : statuses_{std::move(statuses)}, from_{from} {
  // nop
}

list_remote_runs run_pages::request() const {
  list_remote_runs result;
  result.statuses = statuses_;
  result.started_after = from_;
  result.offset = offset_;
  result.limit = page_size;
  return result;
}

bool run_pages::took(const remote_runs& page) {
  ++count_;
  auto size = static_cast<std::uint32_t>(page.runs.size());
  auto is_last = size < page_size && offset_ + size >= page.total;
  if (size == 0 || is_last)
    return false;
  auto last = page.runs.back().started_at;
  if (last > from_)
    skip_to(last);
  else
    offset_ += size;
  return true;
}

void run_pages::skip_to(timestamp from) {
  if (from <= from_)
    return;
  from_ = from;
  offset_ = 0;
}

} // namespace orc
