#include "actors/hooks/delivery_queue.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// The wait after the first failure; doubles with each.
constexpr std::chrono::milliseconds first_pause = 1s;

/// Long enough to bother nobody, short enough to notice within a coffee break
/// that a receiver is back.
constexpr std::chrono::milliseconds longest_pause = 15min;

/// So many failures in a row are the receiver's, not those of one delivery.
constexpr std::uint32_t failures_until_down = 3;

/// A wake-up costs a page of the store: it is worth half a window.
constexpr std::size_t low_water = delivery_queue::window / 2;

constexpr int gone = 410;

bool is_success(int status) {
  return status >= 200 && status <= 299;
}

} // namespace

delivery_queue::delivery_queue(const hook_settings& rules, std::uint32_t seed)
  : rules_{rules}, random_{seed} {
  // nop
}

// -- filling it ---------------------------------------------------------------

bool delivery_queue::is_hungry() const {
  return more_in_store_ && !loading_ && !disabled_
         && entries_.size() <= low_water;
}

void delivery_queue::loading() {
  loading_ = true;
  more_in_store_ = false;
}

void delivery_queue::loaded(const delivery_page& page) {
  loading_ = false;
  // It may have grown in the meantime, too.
  more_in_store_ = more_in_store_ || page.next_after.has_value();
  for (const auto& x : page.items) {
    add(x);
    if (!rewound_)
      last_ = std::max(last_, x.id);
  }
  rewound_ = false;
}

void delivery_queue::load_failed() {
  loading_ = false;
  rewound_ = false;
  more_in_store_ = true;
}

void delivery_queue::grew() {
  more_in_store_ = true;
}

void delivery_queue::rewind() {
  disabled_ = false;
  failures_ = 0;
  paused_until_ = {};
  more_in_store_ = true;
  last_ = 0;
  // A page that is under way was asked for after another place.
  rewound_ = loading_;
}

void delivery_queue::add(const hook_delivery& x) {
  if (!entries_.emplace(x.id, entry{x}).second)
    return;
  auto& line = runs_[x.run];
  line.push_back(x.id);
  if (line.size() == 1)
    line_up(x.id);
}

void delivery_queue::line_up(std::uint64_t id) {
  ready_.emplace(entries_.at(id).delivery.next_at.value_or(timestamp{}), id);
}

// -- emptying it --------------------------------------------------------------

bool delivery_queue::may_send(timestamp at) const {
  auto is_down = failures_ >= failures_until_down;
  auto most = is_down ? 1U : rules_.max_in_flight;
  return !disabled_ && in_flight_ < most && at >= paused_until_;
}

std::optional<hook_delivery> delivery_queue::next(timestamp at) {
  if (!may_send(at) || ready_.empty() || ready_.begin()->first > at)
    return std::nullopt;
  auto& x = entries_.at(ready_.begin()->second);
  ready_.erase(ready_.begin());
  x.in_flight = true;
  ++in_flight_;
  return x.delivery;
}

std::optional<timestamp> delivery_queue::due() const {
  if (disabled_ || ready_.empty())
    return std::nullopt;
  return std::max(ready_.begin()->first, paused_until_);
}

std::optional<settle_delivery>
delivery_queue::answered(std::uint64_t id, const hook_answer& answer,
                         timestamp at) {
  --in_flight_;
  auto i = entries_.find(id);
  if (i == entries_.end())
    return std::nullopt;
  if (answer.status == gone) {
    disable();
    return std::nullopt;
  }
  ++i->second.delivery.attempts;
  return is_success(answer.status) ? succeed(i->second)
                                   : fail(i->second, answer, at);
}

settle_delivery delivery_queue::succeed(const entry& x) {
  settle_delivery result;
  result.id = x.delivery.id;
  result.attempts = x.delivery.attempts;
  failures_ = 0;
  paused_until_ = {};
  drop(result.id);
  return result;
}

settle_delivery
delivery_queue::fail(entry& x, const hook_answer& answer, timestamp at) {
  auto& delivery = x.delivery;
  settle_delivery result{delivery.id, delivery_end::retry, delivery.attempts,
                         std::nullopt, answer.problem};
  if (++failures_ >= failures_until_down)
    paused_until_
      = at
        + pause_after(failures_ - failures_until_down + 1, answer.retry_after);
  if (at - delivery.since >= rules_.give_up_after) {
    result.end = delivery_end::dead;
    drop(result.id);
    return result;
  }
  delivery.problem = answer.problem;
  delivery.next_at = at + pause_after(delivery.attempts, answer.retry_after);
  result.next_at = delivery.next_at;
  x.in_flight = false;
  line_up(result.id);
  return result;
}

void delivery_queue::disable() {
  disabled_ = true;
  entries_.clear();
  runs_.clear();
  ready_.clear();
}

bool delivery_queue::is_idle(timestamp at) const {
  auto next = due();
  return in_flight_ == 0 && !loading_ && !is_hungry() && (!next || *next > at);
}

/// Lets the next delivery of its run come forward.
void delivery_queue::drop(std::uint64_t id) {
  auto run = runs_.find(entries_.at(id).delivery.run);
  entries_.erase(id);
  auto& line = run->second;
  line.pop_front();
  if (line.empty())
    runs_.erase(run);
  else
    line_up(line.front());
}

/// @returns half of the doubled pause, and up to as much again by chance, lest
///          receivers that were down are met by all senders at once.
std::chrono::milliseconds
delivery_queue::pause_after(std::uint32_t failures,
                            std::chrono::milliseconds least) {
  auto pause = first_pause;
  for (auto i = std::uint32_t{1}; i < failures && pause < longest_pause; ++i)
    pause *= 2;
  auto half = std::min(pause, longest_pause).count() / 2;
  std::uniform_int_distribution<std::int64_t> more{0, half};
  return std::max(std::chrono::milliseconds{half + more(random_)}, least);
}

} // namespace orc
