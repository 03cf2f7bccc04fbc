#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace orc::server::v2 {

/// Starts whose clients have no answer, or none that they can use. A client
/// sends such a start again: then it shall get the run that is there already,
/// once, and not pay for a second one.
class unanswered {
public:
  using clock = std::chrono::steady_clock;

  /// No client tries longer than that for one request.
  static constexpr std::chrono::minutes patience{10};

  /// @param on_dropped gets the name of each run that nobody has asked for in
  ///        time.
  explicit unanswered(std::function<void(const std::string&)> on_dropped = {})
    : on_dropped_{std::move(on_dropped)} {
    // nop
  }

  /// @param digest of all that makes the same request.
  void add(const std::string& digest, std::string name, clock::time_point now) {
    expire(now);
    if (order_.size() >= most)
      drop_oldest();
    order_.push_back({digest, std::move(name), now});
    starts_.emplace(digest, std::prev(order_.end()));
  }

  /// @returns the run of the same start, if there is one; and forgets it.
  std::optional<std::string>
  take(const std::string& digest, clock::time_point now) {
    expire(now);
    auto found = starts_.find(digest);
    if (found == starts_.end())
      return std::nullopt;
    auto result = std::move(found->second->name);
    order_.erase(found->second);
    starts_.erase(found);
    return result;
  }

private:
  struct start {
    std::string digest;
    std::string name;
    clock::time_point at;
  };

  static constexpr std::size_t most = 10'000;

  void drop_oldest() {
    // Those of one digest stand in the order in which they came.
    starts_.erase(starts_.lower_bound(order_.front().digest));
    if (on_dropped_)
      on_dropped_(order_.front().name);
    order_.pop_front();
  }

  void expire(clock::time_point now) {
    while (!order_.empty() && order_.front().at + patience < now)
      drop_oldest();
  }

  std::function<void(const std::string&)> on_dropped_;
  std::list<start> order_;
  std::multimap<std::string, std::list<start>::iterator> starts_;
};

} // namespace orc::server::v2
