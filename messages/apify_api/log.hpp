#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/message.hpp"
#include "messages/base/timestamp.hpp"

#include <optional>
#include <string>

namespace orc {

/// Asks when a run last wrote to its log.
struct get_log_end {
  std::string id;

  static constexpr auto fields
    = describe("get_log_end", "Asks when a run last wrote to its log.",
               field("id", &get_log_end::id, "The platform's id."));
};

struct log_end {
  /// Of the last line, as the platform stamps it; nothing if there is none.
  std::optional<timestamp> at;

  static constexpr auto fields
    = describe("log_end", "When a run last wrote to its log.",
               field("at", &log_end::at, presence::optional, "Its time."));
};

} // namespace orc

#define ORC_APIFY_LOG_MESSAGES(X)                                              \
  X(orc::get_log_end)                                                          \
  X(orc::log_end)

ORC_APIFY_LOG_MESSAGES(ORC_DECLARE_MESSAGE)
