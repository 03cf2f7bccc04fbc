#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace orc::apify {

/// Decides when the events WebSocket is opened again, as the platform's own SDK
/// does: at once after a connection that lived for a second, else with growing
/// pauses; not at all where the platform said that it makes no sense.
class reconnects {
public:
  using milliseconds = std::chrono::milliseconds;

  /// @param code the status code of the end.
  /// @param lived from the handshake on; nothing if there was none.
  /// @returns how long to wait; nothing: for ever.
  std::optional<milliseconds>
  after(std::uint16_t code, std::optional<milliseconds> lived) {
    if (is_final(code))
      return std::nullopt;
    if (lived && *lived >= std::chrono::seconds{1}) {
      failures_ = 0;
      return milliseconds{0};
    }
    return milliseconds{500} * (1 << std::min(failures_++, 5u));
  }

private:
  /// The run has ended, or does not exist, or there are too many connections,
  /// or one of us breaks the protocol.
  static bool is_final(std::uint16_t code) {
    return code == 1000 || code == 1002 || code == 1003 || code == 1007
           || code == 1008 || code == 1010;
  }

  unsigned failures_ = 0;
};

} // namespace orc::apify
