#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace orc::server::v2 {

/// Starts whose clients were gone before they had their answer. A client that
/// saw no answer sends the start again: then it shall get the run that is there
/// already, once, and not pay for a second one.
class unanswered {
public:
  using clock = std::chrono::steady_clock;

  /// No client tries longer than that for one request.
  static constexpr std::chrono::minutes patience{10};

  /// @param digest of all that makes the same request.
  void add(const std::string& digest, std::string name, clock::time_point now) {
    expire(now);
    if (order_.size() >= most)
      drop_oldest();
    names_.emplace(digest, std::move(name));
    order_.emplace_back(digest, now);
  }

  /// @returns the run of the same start, if there is one; and forgets it.
  std::optional<std::string>
  take(const std::string& digest, clock::time_point now) {
    expire(now);
    auto found = names_.find(digest);
    if (found == names_.end())
      return std::nullopt;
    auto result = std::move(found->second);
    names_.erase(found);
    return result;
  }

private:
  static constexpr std::size_t most = 10'000;

  void drop_oldest() {
    if (auto found = names_.find(order_.front().first); found != names_.end())
      names_.erase(found);
    order_.pop_front();
  }

  void expire(clock::time_point now) {
    while (!order_.empty() && order_.front().second + patience < now)
      drop_oldest();
  }

  std::multimap<std::string, std::string> names_;
  std::deque<std::pair<std::string, clock::time_point>> order_;
};

} // namespace orc::server::v2
