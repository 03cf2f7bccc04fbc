#pragma once

#include "messages/event.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace orc::server::v2 {

/// Who waits for something to happen to a run.
class run_watch {
public:
  /// @returns whether it has seen what it waits for.
  using reaction = std::function<bool(const run&)>;

  /// @returns a number for `forget`.
  std::uint64_t add(const run_ref& ref, reaction f) {
    waiting_[ref].emplace(++last_, std::move(f));
    return last_;
  }

  void forget(const run_ref& ref, std::uint64_t number) {
    auto known = waiting_.find(ref);
    if (known == waiting_.end())
      return;
    known->second.erase(number);
    if (known->second.empty())
      waiting_.erase(known);
  }

  void tell(const run_event& x) {
    auto known = waiting_.find({x.run.space, x.run.name});
    if (known == waiting_.end())
      return;
    // A reaction may add others, also for this run.
    auto told = std::move(known->second);
    waiting_.erase(known);
    for (auto& [number, f] : told)
      if (!f(x.run))
        waiting_[{x.run.space, x.run.name}].emplace(number, std::move(f));
  }

private:
  std::map<run_ref, std::map<std::uint64_t, reaction>> waiting_;
  std::uint64_t last_ = 0;
};

} // namespace orc::server::v2
