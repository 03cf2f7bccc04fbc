#pragma once

#include "messages/bus/link.hpp"

#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace orc::bus {

/// Messages that streams have not acknowledged yet, and who waits for that.
/// All get the same time, so that the oldest are late first.
class publications {
public:
  using clock = std::chrono::steady_clock;
  using promise = caf::typed_response_promise<bus_stored>;

  void add(std::uint64_t id, promise waiting, clock::time_point deadline);

  /// @returns whom to answer; nothing if that has been done.
  std::optional<promise> take(std::uint64_t id);

  /// Tells those whose time has passed that there is no answer.
  void fail_late(clock::time_point now);

  void fail_all(const std::string& why);

private:
  struct publication {
    std::uint64_t id = 0;
    clock::time_point deadline;
  };

  std::unordered_map<std::uint64_t, promise> promises_;
  std::deque<publication> deadlines_;
};

} // namespace orc::bus
