#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/message.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace orc {

/// Asks what the platform's clock shows.
struct get_server_time {
  static constexpr auto fields
    = describe("get_server_time", "Asks what the platform's clock shows.");
};

/// Asks how many calls were made; for metrics.
struct get_api_usage {
  static constexpr auto fields
    = describe("get_api_usage", "Asks how many calls were made.");
};

struct api_usage {
  /// By kind: `start`, `get`, `list`, `abort`, `items`, …
  std::map<std::string, std::uint64_t> calls;
  std::uint64_t repeats = 0;
  std::uint64_t rate_limited = 0;
  std::uint64_t lost_answers = 0;
  std::uint64_t server_errors = 0;

  static constexpr auto fields = describe(
    "api_usage", "Calls made to the platform.",
    field("calls", &api_usage::calls, "HTTP requests by kind."),
    field("repeats", &api_usage::repeats, "Requests that were repeats."),
    field("rateLimited", &api_usage::rate_limited, "Answers 429."),
    field("lostAnswers", &api_usage::lost_answers, "No complete answer."),
    field("serverErrors", &api_usage::server_errors, "Answers 5xx."));
};

} // namespace orc

#define ORC_APIFY_USAGE_MESSAGES(X)                                            \
  X(orc::get_server_time)                                                      \
  X(orc::get_api_usage)                                                        \
  X(orc::api_usage)

ORC_APIFY_USAGE_MESSAGES(ORC_DECLARE_MESSAGE)
