#pragma once

#include "messages/orchestrator.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace orc {

/// Who waits for which run to become final.
class waiters {
public:
  using promise = caf::typed_response_promise<run>;

  /// @returns a number for `take`.
  std::uint64_t add(run_key key, promise waiter) {
    waiting_[key].emplace_back(++last_, std::move(waiter));
    return last_;
  }

  /// Takes back all who wait for a run.
  std::vector<promise> take_all(run_key key) {
    std::vector<promise> result;
    auto entry = waiting_.extract(key);
    if (!entry.empty())
      for (auto& [number, waiter] : entry.mapped())
        result.push_back(std::move(waiter));
    return result;
  }

  /// Takes back one, if it still waits.
  std::vector<promise> take(run_key key, std::uint64_t number) {
    std::vector<promise> result;
    auto i = waiting_.find(key);
    if (i == waiting_.end())
      return result;
    std::erase_if(i->second, [&](auto& x) {
      if (x.first != number)
        return false;
      result.push_back(x.second);
      return true;
    });
    if (i->second.empty())
      waiting_.erase(i);
    return result;
  }

  /// Takes back everybody.
  std::vector<promise> take_all() {
    std::vector<promise> result;
    for (auto& [key, entries] : std::exchange(waiting_, {}))
      for (auto& [number, waiter] : entries)
        result.push_back(std::move(waiter));
    return result;
  }

private:
  std::unordered_map<run_key, std::vector<std::pair<std::uint64_t, promise>>>
    waiting_;
  std::uint64_t last_ = 0;
};

} // namespace orc
