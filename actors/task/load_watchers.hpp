#pragma once

#include "messages/base/timestamp.hpp"
#include "messages/pool/work_queue.hpp"

#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace orc {

/// Those that wait for a ready task on one of some channels, each until its
/// time is over. There are as many as there are pools.
class load_watchers {
public:
  struct watcher {
    std::vector<std::string> channels;
    caf::typed_response_promise<channel_loads> promise;
    timestamp until;
  };

  void add(watcher x) {
    watchers_.push_back(std::move(x));
  }

  bool has(const std::string& channel) const {
    return std::any_of(watchers_.begin(), watchers_.end(),
                       [&](const watcher& x) { return waits(x, channel); });
  }

  /// @returns for which channels somebody waits.
  std::set<std::string> channels() const {
    std::set<std::string> result;
    for (const auto& x : watchers_)
      result.insert(x.channels.begin(), x.channels.end());
    return result;
  }

  /// @returns those that wait for a channel, and forgets them.
  std::vector<watcher> take(const std::string& channel) {
    return take_if([&](const watcher& x) { return waits(x, channel); });
  }

  /// @returns those whose time is over, and forgets them.
  std::vector<watcher> expire(timestamp now) {
    return take_if([&](const watcher& x) { return x.until <= now; });
  }

  std::optional<timestamp> next_end() const {
    std::optional<timestamp> result;
    for (const auto& x : watchers_)
      if (!result || x.until < *result)
        result = x.until;
    return result;
  }

private:
  static bool waits(const watcher& x, const std::string& channel) {
    return std::find(x.channels.begin(), x.channels.end(), channel)
           != x.channels.end();
  }

  template <class F>
  std::vector<watcher> take_if(F f) {
    auto kept = std::stable_partition(watchers_.begin(), watchers_.end(),
                                      [&](const watcher& x) { return !f(x); });
    std::vector<watcher> result(std::make_move_iterator(kept),
                                std::make_move_iterator(watchers_.end()));
    watchers_.erase(kept, watchers_.end());
    return result;
  }

  std::vector<watcher> watchers_;
};

} // namespace orc
