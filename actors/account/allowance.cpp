#include "actors/account/allowance.hpp"

#include <algorithm>

namespace orc {

namespace {

/// @returns `x - y`, or 0 where that is below it.
constexpr std::uint64_t rest(std::uint64_t x, std::uint64_t y) {
  return x > y ? x - y : 0;
}

using amount_if_known = std::optional<std::uint64_t>;

constexpr amount_if_known rest_of(amount_if_known x, std::uint64_t y) {
  return x ? amount_if_known{rest(*x, y)} : std::nullopt;
}

/// What is not known limits nothing.
constexpr amount_if_known lesser(amount_if_known x, amount_if_known y) {
  return x && y ? std::min(x, y) : x ? x : y;
}

} // namespace

void allowance::confirm(std::uint64_t amount, timestamp now) {
  running_ += amount;
  block_.worked();
  learned_.accepted(running_, now);
}

void allowance::give_back(std::uint64_t amount, bool running, timestamp now) {
  held_ -= amount;
  if (!running)
    return;
  running_ -= amount;
  block_.lift();
  learned_.freed(now);
}

void allowance::observe(std::uint64_t limit, std::uint64_t used,
                        std::uint64_t certain, std::uint64_t possible) {
  auto first = source_ != limits_source::platform;
  auto at_most = rest(used, certain);
  auto at_least = rest(at_most, possible);
  // Runs of ours may have ended without our knowledge yet, which makes others
  // look smaller: believe that only when two answers in a row say so.
  auto believed
    = first || certain == 0 ? at_most : std::max(at_most, others_at_most_);
  others_ = first ? at_least : std::max(at_least, std::min(others_, believed));
  others_at_most_ = at_most;
  remote_limit_ = limit;
  source_ = limits_source::platform;
}

void allowance::refused(std::uint64_t amount, std::uint64_t leaving,
                        timestamp now) {
  if (source_ == limits_source::refusals) {
    learned_.refused(running_, held_ + leaving, amount, now);
    if (!learned_.allows(held_, amount, now))
      return;
  }
  blocked_from_ = block_.holds(now) ? std::min(blocked_from_, amount) : amount;
  block_.failed(now);
}

bool allowance::fits(std::uint64_t amount, timestamp now) const {
  if (cap_ && held_ + amount > *cap_)
    return false;
  if (block_.holds(now) && amount >= blocked_from_)
    return false;
  switch (source_) {
    case limits_source::platform:
      return held_ + others_ + amount <= *remote_limit_;
    case limits_source::refusals:
      return learned_.allows(held_, amount, now);
    default:
      return false;
  }
}

bool allowance::is_reachable(std::uint64_t amount) const {
  if (cap_ && amount > *cap_)
    return false;
  return source_ == limits_source::platform
           ? others_ + amount <= *remote_limit_
           : !learned_.value() || amount <= *learned_.value();
}

std::optional<std::uint64_t> allowance::ceiling() const {
  if (source_ != limits_source::platform)
    return cap_;
  return lesser(cap_, remote_limit_);
}

std::optional<std::uint64_t> allowance::limit() const {
  if (source_ != limits_source::refusals)
    return ceiling();
  return lesser(cap_, learned_.value());
}

std::optional<std::uint64_t> allowance::free() const {
  auto of_platform = source_ == limits_source::platform
                       ? rest_of(remote_limit_, held_ + others_)
                       : rest_of(learned_.value(), held_);
  return lesser(rest_of(cap_, held_), of_platform);
}

std::optional<timestamp> allowance::retry_at(timestamp now) const {
  if (block_.holds(now))
    return block_.until();
  if (source_ == limits_source::refusals && learned_.value()
      && learned_.probe_at() > now)
    return learned_.probe_at();
  return std::nullopt;
}

} // namespace orc
