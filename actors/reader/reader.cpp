#include "actors/reader/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using phase = track::phase;

} // namespace

reader_state::reader_state(reader_inbox::pointer self) : self_{self} {
  // nop
}

reader_state::~reader_state() {
  if (waiting_.pending())
    waiting_.deliver(make_error(ec::stopping, "the reading was ended"));
}

reader_inbox::behavior_type
reader_state::make_behavior(read_request request, page_source_actor source) {
  request_ = std::move(request);
  source_ = std::move(source);
  if (auto err = begin())
    failure_ = std::move(err);
  return {
    [this](read_next) { return next(); },
    [this](rest_over x) {
      if (tracks_[x.index].now == phase::resting)
        find(x.index);
    },
  };
}

// -- what to hand out next ----------------------------------------------------

caf::result<item_piece> reader_state::next() {
  if (failure_) {
    self_->quit();
    return *failure_;
  }
  waiting_ = self_->make_response_promise<item_piece>();
  fetch();
  deliver();
  return waiting_;
}

void reader_state::deliver() {
  while (waiting_.pending() && !failure_) {
    pass_done();
    if (head_ == tracks_.size() || left_ == 0 || filter_->is_used_up())
      return finish();
    auto replays = std::any_of(tracks_.begin(), tracks_.end(),
                               [](const auto& x) { return x.is_replaying(); });
    auto last = request_.ordered ? head_ + 1 : tracks_.size();
    auto moved = false;
    for (auto i = head_; i < last && !moved; ++i)
      if (request_.ordered || !replays || tracks_[i].is_replaying())
        moved = deliver_from(i);
    if (!moved)
      return;
  }
}

bool reader_state::deliver_from(std::size_t index) {
  auto& x = tracks_[index];
  if (x.now != phase::reading && x.now != phase::resting)
    return false;
  auto page = x.walk.take();
  auto moved = page && hand_out(index, *page);
  settle(index);
  fetch();
  return moved || x.now == phase::done;
}

/// @returns whether to look for the next page, here or elsewhere.
bool reader_state::hand_out(std::size_t index, const walked_page& x) {
  auto& from = tracks_[index];
  from.rest = track::first_rest;
  if (from.is_measuring)
    return true;
  if (x.position <= from.replay_to) {
    if (auto err = output_->replay(x.page, *filter_))
      fail(err);
    return true;
  }
  if (left_)
    *left_ -= std::min(*left_, x.position - from.position.offset - skip_);
  skip_ = 0;
  from.position.offset = x.position;
  auto piece = output_->add(x.page, *filter_);
  if (!piece)
    fail(make_error(code_of(piece.error()),
                    fmt::format("items of {}: {}", name_of(from.origin),
                                message_of(piece.error()))));
  else
    hand_out(std::move(*piece));
  return true;
}

/// A table that is not whole yet keeps the rows: they count with what has text.
void reader_state::hand_out(output_piece x) {
  unsaid_items_ += x.items;
  if (!x.text.empty())
    reply(std::move(x.text), false);
}

/// Notices where a walk has come to.
void reader_state::settle(std::size_t index) {
  auto& x = tracks_[index];
  if (x.now != phase::reading)
    return;
  if (x.walk.is_waiting())
    return rest(index);
  if (!x.walk.is_done())
    return;
  if (x.is_measuring) {
    skip_ -= std::min(skip_, x.walk.position());
  } else if (skip_ > 0 && x.walk.position() == x.start) {
    return measure(index);
  } else if (request_.ordered) {
    skip_ = 0;
  }
  // What is not over may be taken up with the cursor.
  x.position.done = !x.may_grow && x.walk.is_at_end();
  x.now = phase::done;
}

/// All of it is to be skipped: how much is that? The platform's count is where
/// to begin, and may be behind.
void reader_state::measure(std::size_t index) {
  auto& x = tracks_[index];
  x.is_measuring = true;
  page_walk_rules rules;
  rules.start = std::min(x.total, x.start);
  x.walk = page_walk{rules};
  x.walk.set_may_grow(x.may_grow);
}

void reader_state::pass_done() {
  while (head_ < tracks_.size() && tracks_[head_].now == phase::done)
    ++head_;
}

void reader_state::finish() {
  if (auto rest = output_->finish())
    return reply(json_text{std::move(*rest)}, false);
  reply({}, true);
  self_->quit();
}

std::string reader_state::cursor() const {
  read_cursor result;
  for (const auto& x : tracks_)
    result.at.push_back(x.position);
  result.skip = skip_;
  return result.print(request_.from);
}

void reader_state::reply(json_text body, bool is_last) {
  auto items = std::exchange(unsaid_items_, 0);
  waiting_.deliver(item_piece{std::move(body), items, cursor(), is_last});
  waiting_ = {};
}

void reader_state::fail(const caf::error& why) {
  failure_ = why;
  if (!waiting_.pending())
    return;
  waiting_.deliver(why);
  waiting_ = {};
  self_->quit();
}

reader_inbox::behavior_type
reader(reader_inbox::stateful_pointer<reader_state> self, read_request request,
       page_source_actor source) {
  return self->state.make_behavior(std::move(request), std::move(source));
}

} // namespace orc
