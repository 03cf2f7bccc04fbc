// What a READER reads next.

#include "actors/reader/read_rules.hpp"
#include "actors/reader/reader.hpp"
#include "messages/apify_api/patience.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace orc {

namespace {

using phase = track::phase;

/// The PAGE SOURCE answers when the APIFY API does.
constexpr auto page_timeout = apify_api_patience + std::chrono::minutes{1};

/// Of all pages that are fetched ahead.
constexpr std::uint64_t max_bytes_held = std::uint64_t{32} << 20;
constexpr std::size_t max_in_flight = 8;
constexpr auto all_of_it = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t window = 4;
constexpr std::size_t ordered_ahead = 3;
constexpr std::size_t unordered_ahead = 8;

bool is_passing(ec code) {
  return code == ec::rate_limited || code == ec::not_sent
         || code == ec::answer_lost || code == ec::bad_answer
         || code == ec::timed_out;
}

} // namespace

caf::error reader_state::begin() {
  if (auto err = check(request_))
    return err;
  skip_ = request_.offset;
  read_cursor from;
  from.at.resize(request_.from.size());
  if (!request_.cursor.empty()) {
    auto cursor = read_cursor::parse(request_.cursor, request_.from);
    if (!cursor)
      return std::move(cursor.error());
    from = std::move(*cursor);
    skip_ = from.skip;
  }
  auto counts_raw = request_.ordered && request_.dedupe_by.empty();
  left_ = counts_raw ? request_.limit : std::nullopt;
  filter_.emplace(request_.dedupe_by,
                  counts_raw ? std::nullopt : request_.limit);
  output_ = make_item_output(request_.format, request_.follow,
                             request_.delimiter.front());
  tracks_.resize(request_.from.size());
  for (std::size_t i = 0; i < tracks_.size(); ++i)
    set_up(i, from.at[i]);
  pass_done();
  return {};
}

void reader_state::set_up(std::size_t index, const read_position& from) {
  auto& x = tracks_[index];
  x.origin = request_.from[index];
  x.position = from;
  if (request_.dedupe_by.empty()) {
    x.now = from.done ? phase::done : phase::idle;
    return;
  }
  // What was seen is not in the cursor, so it is read again.
  x.replay_to = from.done ? all_of_it : from.offset;
}

/// With an offset or a limit nobody knows what to read of an origin before the
/// one ahead is done.
std::size_t reader_state::tracks_ahead() const noexcept {
  if (request_.ordered)
    return skip_ > 0 || left_ ? 0 : ordered_ahead;
  return request_.follow ? tracks_.size() : unordered_ahead;
}

bool reader_state::may_fetch_more() const noexcept {
  std::uint64_t held = 0;
  for (std::size_t i = head_; i < tracks_.size(); ++i)
    held += tracks_[i].walk.bytes_held();
  return held < max_bytes_held && in_flight_ < max_in_flight;
}

void reader_state::fetch() {
  if (failure_)
    return;
  auto ahead = tracks_ahead();
  for (auto i = head_; i < tracks_.size(); ++i) {
    if (tracks_[i].now == phase::done)
      continue;
    fetch(i);
    if (ahead-- == 0)
      break;
  }
}

void reader_state::fetch(std::size_t index) {
  auto& x = tracks_[index];
  if (x.now == phase::idle)
    find(index);
  while (x.now == phase::reading) {
    auto is_first = index == head_ && x.walk.is_idle();
    if (!is_first && !may_fetch_more())
      return;
    auto page = x.walk.next(window);
    if (!page)
      return;
    ask(index, *page);
  }
}

void reader_state::find(std::size_t index) {
  auto& x = tracks_[index];
  auto is_new = std::exchange(x.now, phase::finding) == phase::idle;
  // A dataset is where it is; only who waits for more needs to know its run.
  if (x.origin.run.empty() && is_new && !request_.follow)
    return on_found(index, {x.origin.dataset_id, true});
  self_->request(source_, page_timeout, find_origin{x.origin})
    .then([=, this](const origin_state& y) { on_found(index, y); },
          [=, this](const caf::error& err) { on_failure(index, err); });
}

void reader_state::on_found(std::size_t index, const origin_state& found) {
  auto& x = tracks_[index];
  auto mark = found.dataset_id.empty() ? "" : mark_of(found.dataset_id);
  x.may_grow = found.may_grow;
  auto is_other = x.position.mark != mark;
  if (is_other) {
    x.position = {mark, 0, false};
    x.replay_to = x.replay_to == all_of_it ? all_of_it : 0;
  }
  if (!std::exchange(x.has_begun, true))
    start_walk(index);
  else if (is_other)
    x.walk.restart();
  x.walk.set_may_grow(x.may_grow);
  x.walk.poke();
  x.now = phase::reading;
  // It may be done before anything is asked.
  settle(index);
  fetch();
  deliver();
}

void reader_state::start_walk(std::size_t index) {
  auto& x = tracks_[index];
  page_walk_rules rules;
  rules.thins_out = thins_out(request_.query);
  rules.follow = request_.follow;
  rules.limit = left_;
  rules.barrier = x.replay_to;
  if (x.replay_to == 0)
    rules.start = x.position.offset + skip_;
  x.start = rules.start;
  x.walk = page_walk{rules};
}

void reader_state::ask(std::size_t index, const page_ask& page) {
  auto& x = tracks_[index];
  get_items wanted{x.origin.dataset_id, page.offset, page.limit,
                   page_format(request_.format), request_.query};
  if (!page.thinned)
    wanted.query = unthinned(wanted.query);
  ++in_flight_;
  self_
    ->request(source_, page_timeout,
              get_origin_page{x.origin, std::move(wanted)})
    .then(
      [=, this, id = page.id](const items_page& y) {
        --in_flight_;
        on_page(index, id, y);
      },
      [=, this](const caf::error& err) {
        --in_flight_;
        on_failure(index, err);
      });
}

void reader_state::on_page(std::size_t index, std::uint64_t id,
                           const items_page& page) {
  if (failure_)
    return;
  auto& x = tracks_[index];
  has_answers_ = true;
  x.total = std::max(x.total, page.total);
  x.walk.accept(id, page);
  fetch();
  deliver();
}

void reader_state::on_failure(std::size_t index, const caf::error& why) {
  auto& x = tracks_[index];
  // What never worked is more likely wrong than in trouble.
  if (!request_.follow || !has_answers_ || !is_passing(code_of(why)))
    return fail(
      make_error(code_of(why), fmt::format("items of {}: {}", name_of(x.origin),
                                           message_of(why))));
  x.walk.hold();
  rest(index);
}

void reader_state::rest(std::size_t index) {
  auto& x = tracks_[index];
  if (x.now == phase::resting)
    return;
  x.now = phase::resting;
  self_->delayed_send(self_, x.next_rest(), rest_over{index});
}

} // namespace orc
