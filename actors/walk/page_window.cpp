#include "actors/walk/page_window.hpp"

#include "actors/walk/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr std::chrono::milliseconds longest_backoff{100'000};

/// What a processor has beyond its time before it is taken for dead.
constexpr std::chrono::milliseconds mercy{45'000};

/// An error may be a page long; the first part tells.
constexpr std::size_t longest_error = 2'000;

std::string shortened(std::string x) {
  if (x.size() > longest_error)
    x.resize(longest_error);
  return x;
}

} // namespace

page_window::page_window(walk_rules rules, walk_record record)
  : rules_{std::move(rules)}, record_{std::move(record)} {
  // nop
}

void page_window::set_rules(walk_rules rules, secret spec) {
  rules_ = std::move(rules);
  record_.spec = std::move(spec);
  spec_changed_ = true;
  is_dirty_ = true;
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
    change(x);
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
  if (!x.flaws.empty() && !x.flaws.front().text.empty()) {
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
    change(*x);
    return handover::circular;
  }
  remember(x->is.cursor);
  stored_page next;
  next.number = record_.next_page++;
  next.cursor = cursor;
  next.size = size > 0 ? size : rules_.page_size;
  x->is.has_next = true;
  change(*x);
  ++record_.counts.pages;
  change(add(std::move(next)));
  return handover::taken;
}

void page_window::announce(live_page& page) {
  page.is.started = true;
  set_step(page, live_page::step::announcing);
  change(page);
}

void page_window::begin_work(live_page& page, timestamp now) {
  set_step(page, live_page::step::working);
  page.until = now + rules_.page_timeout + mercy;
}

void page_window::end_attempt(live_page& page, const page_result& how,
                              timestamp now, std::chrono::milliseconds wait) {
  if (how.end == page_end::done && page.problem.empty())
    return complete(page, how);
  page.is.error = shortened(page.problem.empty() ? how.error : page.problem);
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
  switch (judge(page, how)) {
    case verdict::again:
      return rest(page, now + std::max(wait, backoff(page.is.attempts)));
    case verdict::stick:
      return stick(page, now);
    case verdict::fail:
      return fail(page);
  }
}

page_window::verdict
page_window::judge(const live_page& page, const page_result& how) const {
  if (how.end == page_end::hopeless)
    return verdict::fail;
  // Its items could not be had yet: nothing has begun.
  if (rules_.mode == retry_mode::at_most_once)
    return page.is.started ? verdict::fail : verdict::again;
  auto is_named = [&](const std::string& x) {
    return std::find(rules_.non_retryable.begin(), rules_.non_retryable.end(),
                     x)
           != rules_.non_retryable.end();
  };
  if (how.end != page_end::retry
      && std::any_of(how.types.begin(), how.types.end(), is_named))
    return verdict::fail;
  if (!page.is_stuck && page.is.attempts < rules_.initial_attempts)
    return verdict::again;
  return rules_.extended_retry.count() > 0 ? verdict::stick : verdict::fail;
}

std::vector<page_window::page_number>
page_window::overdue(timestamp now) const {
  std::vector<page_number> result;
  for (const auto& [number, x] : live_)
    if (x.at == live_page::step::working && x.until <= now)
      result.push_back(number);
  return result;
}

void page_window::revive(const revived_pages& x) {
  record_.counts.stuck += x.failed + x.flawed;
  record_.counts.failed -= x.failed;
  record_.counts.completed -= x.flawed;
  if (x.failed > 0) {
    record_.resume_cursor.reset();
    record_.error.reset();
  }
  is_dirty_ = true;
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
  save_walk result;
  result.walk = record_;
  result.with_spec = std::exchange(spec_changed_, false);
  result.pages = std::exchange(left_, {});
  for (auto number : std::exchange(changed_, {}))
    if (auto i = live_.find(number); i != live_.end()) {
      i->second.is_stored = true;
      result.pages.push_back(i->second.is);
    }
  result.done = std::exchange(gone_, {});
  result.items = std::exchange(items_, {});
  result.items_done = std::exchange(items_done_, {});
  is_dirty_ = false;
  return result;
}

// -- tools --------------------------------------------------------------------

live_page& page_window::add(stored_page page) {
  auto number = page.number;
  auto& x = live_[number];
  x.is = std::move(page);
  fresh_.push_back(number);
  return x;
}

void page_window::forget(page_number page) {
  auto& x = live_.at(page);
  set_step(x, live_page::step::fresh);
  if (x.is_stored)
    gone_.push_back(page);
  std::erase(fresh_, page);
  changed_.erase(page);
  live_.erase(page);
  is_dirty_ = true;
}

void page_window::change(live_page& page) {
  changed_.insert(page.is.number);
  is_dirty_ = true;
}

void page_window::set_step(live_page& page, live_page::step next) {
  auto was_busy = page.is_busy();
  resting_ -= page.at == live_page::step::resting ? 1 : 0;
  page.at = next;
  resting_ += page.at == live_page::step::resting ? 1 : 0;
  if (page.is_busy() != was_busy)
    busy_ += was_busy ? -1 : 1;
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
  for (const auto& x : page.flaws)
    items_done_.push_back({page.is.number, x.item, {}, {}});
  counts.item_errors -= page.flaws.size();
  if (how.items.empty())
    return forget(page.is.number);
  keep_flaws(page, how);
  leave(page, page_state::flawed);
}

void page_window::keep_flaws(const live_page& page, const page_result& how) {
  std::vector<std::string_view> lines;
  auto text = page.items.view();
  while (!text.empty()) {
    auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  std::set<std::uint64_t> seen;
  for (const auto& x : how.items) {
    // Items that are done again are told by their places among these.
    auto place = x.item < page.flaws.size() ? page.flaws[x.item].item : x.item;
    if (!seen.insert(place).second)
      continue;
    auto line = x.item < lines.size() ? lines[x.item] : std::string_view{};
    items_.push_back(
      {page.is.number, place, std::string{line}, shortened(x.error)});
  }
  record_.counts.item_errors += seen.size();
}

void page_window::rest(live_page& page, timestamp until) {
  page.until = until;
  set_step(page, live_page::step::resting);
  change(page);
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
  left_.push_back(page.is);
  set_step(page, live_page::step::fresh);
  auto number = page.is.number;
  std::erase(fresh_, number);
  changed_.erase(number);
  live_.erase(number);
  is_dirty_ = true;
}

bool page_window::leads_back(const std::string& cursor) const {
  return (since_mark_ > 0 && cursor == mark_)
         || std::any_of(live_.begin(), live_.end(), [&](const auto& x) {
              return x.second.is.cursor == cursor;
            });
}

void page_window::remember(const std::string& cursor) {
  if (++since_mark_ < next_mark_)
    return;
  mark_ = cursor;
  next_mark_ *= 2;
  since_mark_ = 1;
}

std::chrono::milliseconds page_window::backoff(std::uint32_t attempts) const {
  auto result = rules_.initial_backoff;
  for (std::uint32_t i = 1; i < attempts && result < longest_backoff; ++i)
    result *= 2;
  return std::min(result, longest_backoff);
}

} // namespace orc
