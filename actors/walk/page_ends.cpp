// What becomes of a page when an attempt of it is over.

#include "actors/walk/attempt_verdict.hpp"
#include "actors/walk/error_text.hpp"
#include "actors/walk/log.hpp"
#include "actors/walk/page_window.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc {

void page_window::end_attempt(live_page& page, const page_result& how,
                              timestamp now, std::chrono::milliseconds wait) {
  if (how.end == page_end::done && page.problem.empty())
    return complete(page, how);
  page.is.error = error_text(page.problem.empty() ? how.error : page.problem);
  if (how.end == page_end::stopped) {
    --page.is.attempts;
    return rest(page, now);
  }
  auto leads_on = page.is.has_next || record_.scanned;
  log.info(
    "page-failed",
    "batch={} page={} cursor=\"{}\" attempt={} successor={} error=\"{}\"",
    record_.name, page.is.number, page.is.cursor, page.is.attempts,
    leads_on ? "known" : "unknown, which may block the rest", page.is.error);
  switch (judge(rules_, page, how)) {
    case attempt_verdict::again:
      return rest(page,
                  now + std::max(wait, rest_after(rules_, page.is.attempts)));
    case attempt_verdict::stick:
      return stick(page, now);
    case attempt_verdict::fail:
      return fail(page);
  }
}

void page_window::forget(page_number page) {
  auto& x = live_.at(page);
  set_step(x, live_page::step::fresh);
  changes_.forget(x);
  std::erase(fresh_, page);
  live_.erase(page);
}

void page_window::complete(live_page& page, const page_result& how) {
  auto& counts = record_.counts;
  ++counts.completed;
  if (page.is_stuck)
    --counts.stuck;
  if (page.flaws.empty())
    counts.items += rules_.self_fed ? how.count : page.count;
  if (!page.is.has_next && page.is.number + 1 == record_.next_page)
    record_.scanned = true;
  changes_.heal(page);
  counts.item_errors -= page.flaws.size();
  auto failures = failures_of(page, how);
  if (failures.empty())
    return forget(page.is.number);
  counts.item_errors += changes_.keep_flaws(page, failures);
  leave(page, page_state::flawed);
}

/// What a processor says of items that its page has not is a mistake of its
/// own, and there would be nothing to do again. Only of what it fetched itself
/// it alone knows how many there are.
std::vector<item_failure>
page_window::failures_of(const live_page& page, const page_result& how) const {
  auto result = how.items;
  if (rules_.self_fed)
    return result;
  std::erase_if(result, [&](const item_failure& x) {
    if (x.item < page.count)
      return false;
    log.warn("item-unknown", "batch={} page={} item={} items={}", record_.name,
             page.is.number, x.item, page.count);
    return true;
  });
  return result;
}

void page_window::rest(live_page& page, timestamp until) {
  page.until = until;
  set_step(page, live_page::step::resting);
  changes_.change(page);
}

void page_window::stick(live_page& page, timestamp now) {
  // In the first phase it is due as soon as the second one begins.
  page.is.due = page.is_stuck ? now + rules_.extended_retry : now;
  if (!page.is_stuck) {
    ++record_.counts.stuck;
    log.warn("page-stuck", "batch={} page={} cursor=\"{}\" attempts={}",
             record_.name, page.is.number, page.is.cursor, page.is.attempts);
  }
  leave(page, page_state::stuck);
}

void page_window::fail(live_page& page) {
  ++record_.counts.failed;
  if (page.is_stuck)
    --record_.counts.stuck;
  if (!page.is.has_next && !record_.scanned
      && page.is.number + 1 == record_.next_page) {
    record_.resume_cursor = page.is.cursor;
    record_.error = fmt::format(
      "chain broken at cursor \"{}\": page {} failed before it said where the "
      "next one begins: {}",
      page.is.cursor, page.is.number, page.is.error);
    log.error("chain-broken", "batch={} page={} cursor=\"{}\"", record_.name,
              page.is.number, page.is.cursor);
  }
  leave(page, page_state::failed);
}

void page_window::leave(live_page& page, page_state state) {
  page.is.state = state;
  changes_.leave(page);
  set_step(page, live_page::step::fresh);
  auto number = page.is.number;
  std::erase(fresh_, number);
  live_.erase(number);
}

} // namespace orc
