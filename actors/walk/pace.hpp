#pragma once

#include "messages/walk/walk.hpp"

#include <deque>

namespace orc {

/// How fast a batch has been lately.
class pace {
public:
  void note(const walk_counts& counts, timestamp now) {
    if (!samples_.empty() && now - samples_.back().at < step)
      return;
    samples_.push_back({now, counts.completed, counts.items});
    while (samples_.size() > most)
      samples_.pop_front();
  }

  double pages(const walk_counts& counts, timestamp now) const {
    return rate(counts.completed, now, &sample::pages);
  }

  double items(const walk_counts& counts, timestamp now) const {
    return rate(counts.items, now, &sample::items);
  }

private:
  struct sample {
    timestamp at;
    std::uint64_t pages = 0;
    std::uint64_t items = 0;
  };

  static constexpr std::chrono::milliseconds step{500};
  /// Half a minute.
  static constexpr std::size_t most = 60;

  double
  rate(std::uint64_t count, timestamp now, std::uint64_t sample::*of) const {
    if (samples_.empty() || now <= samples_.front().at)
      return 0;
    const auto& first = samples_.front();
    auto secs = static_cast<double>((now - first.at).count()) / 1000;
    return count < first.*of ? 0
                             : static_cast<double>(count - first.*of) / secs;
  }

  std::deque<sample> samples_;
};

} // namespace orc
