#include "actors/walk/page_window.hpp"

#include "actors/walk/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

/// What a processor has beyond its time before it is taken for dead.
constexpr std::chrono::milliseconds mercy{45'000};

} // namespace

page_window::page_window(walk_rules rules, walk_record record,
                         std::string first_cursor)
  : rules_{std::move(rules)}, record_{std::move(record)},
    first_cursor_{std::move(first_cursor)} {
  // nop
}

void page_window::set_rules(walk_rules rules, secret spec) {
  rules_ = std::move(rules);
  record_.spec = std::move(spec);
  changes_.change_spec();
}

void page_window::put_back(stored_page page) {
  auto& x = add(std::move(page));
  x.is_stored = true;
  if (!x.is.started)
    return;
  x.is.error = "interrupted: it may have been done, and is never repeated";
  fail(x);
}

// -- starting pages -----------------------------------------------------------

live_page* page_window::start_next(std::uint64_t limit, timestamp now) {
  if (busy_ >= limit)
    return nullptr;
  auto begin = [&](live_page& x) {
    ++x.is.attempts;
    x.has_told = false;
    x.problem.clear();
    set_step(x, live_page::step::reading);
    changes_.change(x);
    record_.counts.max_achieved = std::max(record_.counts.max_achieved, busy_);
    return &x;
  };
  // They hold their slots already.
  if (resting_ > 0)
    for (auto& [number, x] : live_)
      if (x.at == live_page::step::resting && x.until <= now)
        return begin(x);
  if (fresh_.empty() || live_.size() - fresh_.size() >= limit)
    return nullptr;
  auto& x = live_.at(fresh_.front());
  fresh_.pop_front();
  return begin(x);
}

live_page* page_window::start_stuck(const stored_page& page,
                                    std::vector<stored_item> flaws, timestamp) {
  if (live_.count(page.number) > 0)
    return nullptr;
  auto& x = add(page);
  fresh_.pop_back();
  x.is_stuck = true;
  x.is_stored = true;
  x.flaws = std::move(flaws);
  ++x.is.attempts;
  set_step(x, live_page::step::reading);
  record_.counts.max_achieved = std::max(record_.counts.max_achieved, busy_);
  if (x.has_flaws_only()) {
    std::string text;
    for (const auto& flaw : x.flaws)
      text.append(flaw.text).append("\n");
    x.items = json_text{std::move(text)};
    x.count = x.flaws.size();
    x.has_items = true;
  }
  return &x;
}

std::uint64_t page_window::room_for_stuck(std::uint64_t limit) const {
  // The first phase ends when nothing else is left; after that what stuck
  // pages have led to comes first.
  auto is_else = std::any_of(live_.begin(), live_.end(),
                             [](const auto& x) { return !x.second.is_stuck; });
  auto stuck_live = live_.size();
  if (is_else || record_.counts.stuck <= stuck_live || limit <= stuck_live)
    return 0;
  return limit - stuck_live;
}

live_page* page_window::find(page_number page, std::uint32_t attempt) {
  auto* x = find_busy(page);
  return x != nullptr && x->is.attempts == attempt ? x : nullptr;
}

live_page* page_window::find_busy(page_number page) {
  auto i = live_.find(page);
  return i != live_.end() && i->second.is_busy() ? &i->second : nullptr;
}

// -- what happens to them -----------------------------------------------------

bool page_window::take_items(live_page& page, json_text items,
                             std::uint64_t count,
                             const std::optional<std::string>& next) {
  page.items = std::move(items);
  page.count = count;
  page.has_items = true;
  if (!next)
    record_.scanned |= page.is.number + 1 == record_.next_page;
  else if (!page.is.has_next)
    learn_next(page.is.number, page.is.attempts, *next, 0);
  if (count > 0)
    return true;
  --record_.counts.pages;
  if (page.is_stuck)
    --record_.counts.stuck;
  forget(page.is.number);
  return false;
}

page_window::handover
page_window::learn_next(page_number page, std::uint32_t attempt,
                        const std::string& cursor, std::uint64_t size) {
  auto* x = find(page, attempt);
  if (x == nullptr)
    return handover::stale;
  if (std::exchange(x->has_told, true)) {
    x->problem = "the next cursor was given twice in one attempt; give it at "
                 "most once, or not at all on the last page";
    return handover::twice;
  }
  if (x->is.has_next || page + 1 != record_.next_page)
    return handover::known;
  if (leads_back(cursor)) {
    log.warn("cursor-repeated",
             "batch={} page={} cursor=\"{}\" hint=\"did you mis-compute your "
             "next cursor?\"",
             record_.name, page, cursor);
    record_.scanned = true;
    record_.error = fmt::format(
      "page {} names a cursor that was there before, \"{}\": the chain ends "
      "there, and pages may have been done twice",
      page, cursor);
    changes_.change(*x);
    return handover::circular;
  }
  trail_.pass(x->is.cursor);
  stored_page next;
  next.number = record_.next_page++;
  next.cursor = cursor;
  next.size = size > 0 ? size : rules_.page_size;
  x->is.has_next = true;
  changes_.change(*x);
  ++record_.counts.pages;
  changes_.change(add(std::move(next)));
  return handover::taken;
}

void page_window::announce(live_page& page) {
  page.is.started = true;
  set_step(page, live_page::step::announcing);
  changes_.change(page);
}

void page_window::begin_work(live_page& page, timestamp now) {
  set_step(page, live_page::step::working);
  page.until = now + rules_.page_timeout + mercy;
}

void page_window::take_turn(live_page& page, bool has_come, timestamp now) {
  if (has_come && page.at == live_page::step::queued)
    begin_work(page, now);
  else if (!has_come && page.at == live_page::step::working)
    set_step(page, live_page::step::queued);
}

std::vector<page_number> page_window::overdue(timestamp now) const {
  std::vector<page_number> result;
  for (const auto& [number, x] : live_)
    if (x.at == live_page::step::working && x.until <= now)
      result.push_back(number);
  return result;
}

void page_window::mend_chain() {
  if (record_.resume_cursor)
    record_.error.reset();
  record_.resume_cursor.reset();
}

void page_window::revive(const revived_pages& x) {
  count_revived(record_.counts, x);
}

// -- how it stands ------------------------------------------------------------

bool page_window::is_over() const {
  return live_.empty() && record_.counts.stuck == 0;
}

std::optional<timestamp> page_window::next_due() const {
  std::optional<timestamp> result;
  for (const auto& [number, x] : live_)
    if ((x.at == live_page::step::resting || x.at == live_page::step::working)
        && (!result || x.until < *result))
      result = x.until;
  return result;
}

// -- making it durable --------------------------------------------------------

save_walk page_window::take_changes() {
  return changes_.take(record_, live_);
}

// -- tools --------------------------------------------------------------------

live_page& page_window::add(stored_page page) {
  auto number = page.number;
  auto& x = live_[number];
  x.is = std::move(page);
  fresh_.push_back(number);
  return x;
}

void page_window::set_step(live_page& page, live_page::step next) {
  auto was_busy = page.is_busy();
  resting_ -= page.at == live_page::step::resting ? 1 : 0;
  page.at = next;
  resting_ += page.at == live_page::step::resting ? 1 : 0;
  if (page.is_busy() != was_busy)
    busy_ += was_busy ? -1 : 1;
}

bool page_window::leads_back(const std::string& cursor) const {
  return cursor == first_cursor_ || trail_.leads_back(cursor)
         || std::any_of(live_.begin(), live_.end(), [&](const auto& x) {
              return x.second.is.cursor == cursor;
            });
}

} // namespace orc
