#include "emulator/storage/dataset.hpp"

#include <algorithm>

namespace orc::emulator {

namespace {

/// No lag is longer.
constexpr auto longest_lag = std::chrono::seconds{10};

/// Pushes so close to one another count as one.
constexpr auto resolution = std::chrono::milliseconds{50};

} // namespace

void dataset::push(const parsed_items& more) {
  append(more);
  writes_ += more.items.size();
  info_.change();
  remember_count();
}

void dataset::restore(const parsed_items& more) {
  append(more);
}

void dataset::append(const parsed_items& more) {
  for (auto i = std::size_t{0}; i < more.items.size(); ++i)
    items_.push(more[i], more.items[i].flags);
}

void dataset::remember_count() {
  const auto when = info_.modified_at;
  if (!history_.empty() && when - history_.back().first < resolution) {
    history_.back().second = items_.size();
    return;
  }
  // The newest entry that is older than any lag says what the count was then.
  while (history_.size() > 1 && history_[1].first < when - longest_lag)
    history_.erase(history_.begin());
  history_.emplace_back(when, items_.size());
}

std::uint64_t dataset::lagging_count(std::chrono::milliseconds lag) const {
  if (lag.count() <= 0 || history_.empty())
    return items_.size();
  const auto then
    = now() - std::min<std::chrono::milliseconds>(lag, longest_lag);
  for (auto i = history_.rbegin(); i != history_.rend(); ++i)
    if (i->first <= then)
      return i->second;
  return 0;
}

void dataset::write(json_writer& out, std::chrono::milliseconds lag) const {
  const auto count = lagging_count(lag);
  out.object();
  write_info(out, info_, "datasets");
  out.member("itemCount", count);
  out.member("cleanItemCount",
             std::min<std::uint64_t>(count, items_.clean_size()));
  out.key("fields").null().key("schema").null();
  out.key("stats").object();
  out.member("readCount", reads_).member("writeCount", writes_);
  out.member("storageBytes", items_.bytes());
  out.member("inflatedBytes", items_.bytes());
  out.end_object().end_object();
}

} // namespace orc::emulator
