#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/names.hpp"

#include <array>
#include <cstdint>

namespace orc {

/// What to do with a run that does nothing any more: no new item, no new line
/// in its log, no other status or status message.
struct stuck_policy {
  std::int64_t after_secs = 600;
  std::uint32_t resurrections = 1;
  std::uint32_t restarts = 1;

  friend bool operator==(const stuck_policy&, const stuck_policy&) = default;

  static constexpr auto fields = describe(
    "stuck_policy", "What to do with a run that does nothing any more.",
    field("afterSecs", &stuck_policy::after_secs, presence::required, "s",
          "Without a new item, log line or status for so long it is stuck, 5 "
          "to 604800; it is aborted gracefully."),
    field("resurrections", &stuck_policy::resurrections, presence::optional,
          "How often it is then resurrected, 0 to 100."),
    field("restarts", &stuck_policy::restarts, presence::optional,
          "How often it is then started anew, 0 to 100; after that it is "
          "given up."));
};

/// What becomes of a run that was aborted since it was stuck.
enum class stuck_step : std::uint8_t { resurrect, restart, give_up };

template <>
struct enum_names<stuck_step> {
  static constexpr std::array<std::string_view, 3> values{"resurrect",
                                                          "restart", "give-up"};
};

} // namespace orc
