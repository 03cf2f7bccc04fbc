#pragma once

#include "messages/task/tasks.hpp"

#include <caf/typed_response_promise.hpp>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orc {

/// Workers that wait for a task of their channel, each until its time is over.
class task_waiters {
public:
  using promise_type = caf::typed_response_promise<stored_tasks>;

  struct waiter {
    acquire_task request;
    promise_type promise;
    timestamp until;
  };

  void add(waiter x) {
    ends_.emplace(x.until, x.request.channel);
    lines_[x.request.channel].push_back(std::move(x));
  }

  /// @returns who waits longest, and forgets it; nothing if nobody waits.
  std::optional<waiter> take(const std::string& channel) {
    auto line = lines_.find(channel);
    if (line == lines_.end())
      return std::nullopt;
    auto result = std::move(line->second.front());
    line->second.pop_front();
    if (line->second.empty())
      lines_.erase(line);
    return result;
  }

  /// Puts one back that found nothing: it waits longest.
  void put_back(waiter x) {
    auto channel = x.request.channel;
    lines_[channel].push_front(std::move(x));
  }

  bool has(const std::string& channel) const {
    return lines_.contains(channel);
  }

  /// @returns those whose time is over, and forgets them.
  std::vector<waiter> expire(timestamp now) {
    std::vector<waiter> result;
    for (; !ends_.empty() && ends_.begin()->first <= now;
         ends_.erase(ends_.begin()))
      take_if(ends_.begin()->second, result,
              [&](const waiter& x) { return x.until <= now; });
    return result;
  }

  /// @returns those of a worker, and forgets them.
  std::vector<waiter>
  remove(const std::string& channel, const std::string& worker) {
    std::vector<waiter> result;
    take_if(channel, result,
            [&](const waiter& x) { return x.request.worker == worker; });
    return result;
  }

  /// @returns the one that waits under a token, and forgets it.
  std::vector<waiter>
  remove_token(const std::string& channel, const std::string& token) {
    std::vector<waiter> result;
    take_if(channel, result,
            [&](const waiter& x) { return x.request.token == token; });
    return result;
  }

  /// @returns those of a worker and of its hands, whatever they wait for, and
  ///          forgets them.
  std::vector<waiter> remove_all(const std::string& worker) {
    auto hands = worker + "/";
    std::vector<std::string> channels;
    for (const auto& [channel, line] : lines_)
      channels.push_back(channel);
    std::vector<waiter> result;
    for (const auto& channel : channels)
      take_if(channel, result, [&](const waiter& x) {
        return x.request.worker == worker
               || x.request.worker.starts_with(hands);
      });
    return result;
  }

  std::optional<timestamp> next_end() const {
    return ends_.empty() ? std::nullopt : std::optional{ends_.begin()->first};
  }

private:
  template <class F>
  void take_if(const std::string& channel, std::vector<waiter>& result, F f) {
    auto line = lines_.find(channel);
    if (line == lines_.end())
      return;
    auto& waiting = line->second;
    for (auto i = waiting.begin(); i != waiting.end();)
      if (f(*i)) {
        result.push_back(std::move(*i));
        i = waiting.erase(i);
      } else {
        ++i;
      }
    if (waiting.empty())
      lines_.erase(line);
  }

  std::map<std::string, std::deque<waiter>> lines_;
  /// Of those that still wait, and of some that do not any more.
  std::multimap<timestamp, std::string> ends_;
};

} // namespace orc
