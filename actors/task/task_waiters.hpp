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
    auto& line = lines_[x.request.channel];
    line.push_back(with_end(std::move(x)));
  }

  /// @returns who waits longest, and forgets it; nothing if nobody waits.
  std::optional<waiter> take(const std::string& channel) {
    auto line = lines_.find(channel);
    if (line == lines_.end())
      return std::nullopt;
    auto result = leave(line->second.front());
    line->second.pop_front();
    if (line->second.empty())
      lines_.erase(line);
    return result;
  }

  /// Puts one back that found nothing: it waits longest.
  void put_back(waiter x) {
    auto& line = lines_[x.request.channel];
    line.push_front(with_end(std::move(x)));
  }

  bool has(const std::string& channel) const {
    return lines_.contains(channel);
  }

  /// @returns for which channels somebody waits.
  std::vector<std::string> channels() const {
    std::vector<std::string> result;
    for (const auto& [channel, line] : lines_)
      result.push_back(channel);
    return result;
  }

  /// @returns those whose time is over, and forgets them.
  std::vector<waiter> expire(timestamp now) {
    std::vector<waiter> result;
    while (!ends_.empty() && ends_.begin()->first <= now) {
      auto channel = ends_.begin()->second;
      take_if(channel, result, [&](const waiter& x) { return x.until <= now; });
    }
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
    std::vector<waiter> result;
    for (const auto& channel : channels())
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
  /// By time, of which channel.
  using ends = std::multimap<timestamp, std::string>;

  struct place {
    waiter is;
    ends::iterator end;
  };

  place with_end(waiter x) {
    auto end = ends_.emplace(x.until, x.request.channel);
    return {std::move(x), end};
  }

  /// @returns who was there.
  waiter leave(place& x) {
    ends_.erase(x.end);
    return std::move(x.is);
  }

  template <class F>
  void take_if(const std::string& channel, std::vector<waiter>& result, F f) {
    auto line = lines_.find(channel);
    if (line == lines_.end())
      return;
    auto& waiting = line->second;
    for (auto i = waiting.begin(); i != waiting.end();)
      if (f(i->is)) {
        result.push_back(leave(*i));
        i = waiting.erase(i);
      } else {
        ++i;
      }
    if (waiting.empty())
      lines_.erase(line);
  }

  std::map<std::string, std::deque<place>> lines_;
  /// Of all that wait.
  ends ends_;
};

} // namespace orc
