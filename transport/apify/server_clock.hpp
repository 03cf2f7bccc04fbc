#pragma once

#include "messages/base/timestamp.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace orc::apify {

/// Knows what the platform's clock shows, to the second, from the `Date` header
/// of its answers. Runs by a steady clock in between, so that nobody who sets
/// this machine's clock moves it.
class server_clock {
public:
  using steady = std::chrono::steady_clock;

  /// @param date the header; anything else is passed over.
  void adjust(std::string_view date, steady::time_point received) {
    if (auto at = parse_http_date(date))
      last_ = mark{*at, received};
  }

  /// @returns a time that is never later than the platform's; this machine's
  ///          clock until there was an answer.
  timestamp read(steady::time_point at) const {
    using std::chrono::milliseconds;
    return last_
             ? last_->server
                 + std::chrono::duration_cast<milliseconds>(at - last_->local)
             : now();
  }

private:
  struct mark {
    timestamp server;
    steady::time_point local;
  };

  std::optional<mark> last_;
};

} // namespace orc::apify
