#include "actors/reader/page_walk.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace orc {

namespace {

constexpr auto no_end = std::numeric_limits<std::uint64_t>::max();

} // namespace

page_walk::page_walk(page_walk_rules rules)
  : rules_{rules}, position_{rules.start}, next_{rules.start} {
  done_ = rules.limit == 0;
}

/// Where pages are thinned out and more may come, raw items are counted first.
bool page_walk::is_careful() const noexcept {
  return rules_.thins_out && (careful_ || (rules_.follow && may_grow_));
}

/// @returns how many raw items may be asked for from there on.
std::uint64_t page_walk::room(std::uint64_t from) const noexcept {
  auto result = rules_.limit ? rules_.start + *rules_.limit - from : no_end;
  if (from < rules_.barrier)
    result = std::min(result, rules_.barrier - from);
  return result;
}

/// Whether to ask behind a page would most likely be in vain.
bool page_walk::looks_last(const slot& x) noexcept {
  return x.page && x.page->count < x.ask.limit
         && x.page->total <= x.ask.offset + x.ask.limit;
}

page_ask page_walk::push(std::uint64_t offset, std::uint64_t limit,
                         bool is_count, bool is_counted) {
  page_ask ask{++last_id_, offset, limit, rules_.thins_out && !is_count};
  asked_.push_back({ask, !may_grow_, is_count, is_counted, {}});
  return ask;
}

std::optional<page_ask> page_walk::next(std::size_t window) {
  if (done_ || waiting_)
    return std::nullopt;
  // One page tells how large items are; at the end there is but one.
  if (!size_.is_known() || at_edge_ || is_careful())
    window = std::min<std::size_t>(window, 1);
  if (asked_.size() >= window || (!asked_.empty() && looks_last(asked_.back())))
    return std::nullopt;
  if (is_careful()) {
    if (counted_ > 0)
      return push(position_, counted_, false, true);
    return push(position_, std::min(size_.items(), room(position_)), true,
                false);
  }
  auto limit = std::min(size_.items(), room(next_));
  if (limit == 0)
    return std::nullopt;
  auto result = push(next_, limit, false, false);
  next_ += limit;
  return result;
}

void page_walk::accept(std::uint64_t id, items_page page) {
  auto i = std::find_if(asked_.begin(), asked_.end(),
                        [id](const auto& x) { return x.ask.id == id; });
  if (i == asked_.end() || i->page)
    return;
  auto bytes = page.body.view().size();
  size_.learn(page.count, bytes);
  bytes_held_ += bytes;
  i->page = std::move(page);
}

std::optional<walked_page> page_walk::take() {
  while (!asked_.empty() && asked_.front().page) {
    auto x = std::move(asked_.front());
    asked_.pop_front();
    bytes_held_ -= x.page->body.view().size();
    std::optional<walked_page> result;
    if (x.is_count)
      take_count(x);
    else if (rules_.thins_out)
      result = take_thinned(std::move(x));
    else
      result = take_plain(std::move(x));
    if (room(position_) == 0) {
      back_to(position_);
      done_ = true;
    }
    if (result)
      return result;
  }
  return std::nullopt;
}

std::optional<walked_page> page_walk::take_plain(slot x) {
  const auto& page = *x.page;
  position_ = x.ask.offset + page.count;
  at_edge_ = page.count < x.ask.limit;
  if (at_edge_) {
    back_to(position_);
    // More is known to be there: whoever answers gives less at a time.
    if (page.count == 0 || page.total <= position_)
      end(x.after_end);
  }
  if (page.count == 0)
    return std::nullopt;
  return walked_page{std::move(*x.page), position_};
}

std::optional<walked_page> page_walk::take_thinned(slot x) {
  auto behind = x.ask.offset + x.ask.limit;
  auto is_whole
    = x.is_counted || x.page->count >= x.ask.limit || x.page->total > behind;
  if (!is_whole) {
    // It may be the last. Counting tells, and then it is read again: only what
    // was counted before is surely in it.
    back_to(x.ask.offset);
    careful_ = true;
    return std::nullopt;
  }
  position_ = behind;
  if (x.is_counted) {
    counted_ = 0;
    next_ = position_;
    careful_ = false;
    if (counted_all_)
      end(x.after_end);
  }
  return walked_page{std::move(*x.page), position_};
}

void page_walk::take_count(const slot& x) {
  counted_ = x.page->count;
  counted_all_
    = counted_ < x.ask.limit && x.page->total <= position_ + counted_;
  if (counted_ == 0) {
    careful_ = false;
    end(x.after_end);
  }
}

void page_walk::back_to(std::uint64_t position) {
  for (const auto& x : asked_)
    if (x.page)
      bytes_held_ -= x.page->body.view().size();
  asked_.clear();
  next_ = position;
}

void page_walk::end(bool for_good) {
  back_to(position_);
  at_end_ = for_good || !rules_.follow;
  (at_end_ ? done_ : waiting_) = true;
}

void page_walk::hold() {
  back_to(position_);
  waiting_ = true;
}

void page_walk::restart() {
  if (rules_.limit)
    *rules_.limit -= position_ - rules_.start;
  rules_.start = rules_.barrier = 0;
  back_to(0);
  position_ = 0;
  counted_ = 0;
  careful_ = at_edge_ = false;
}

} // namespace orc
