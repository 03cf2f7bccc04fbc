#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/timestamp.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// A run as the npm library apify-orchestrator remembers it.
struct npm_run {
  std::string run_id;
  std::string run_url;
  std::string status;
  timestamp started_at;
  std::optional<timestamp> last_updated_at;

  static constexpr auto fields = describe(
    "npm_run", "A run as the npm library remembers it.",
    field("runId", &npm_run::run_id, "The platform's id."),
    field("runUrl", &npm_run::run_url, presence::optional, "For people."),
    field("status", &npm_run::status, "As it was when it was last seen."),
    field("startedAt", &npm_run::started_at, "By the platform."),
    field("lastUpdatedAt", &npm_run::last_updated_at, presence::nullable,
          "When it was last seen; since version 0.9."));
};

/// The record `<prefix><client>-RUNS` of the npm library.
struct npm_runs {
  /// By name, or by a hash of the request where it had none.
  std::map<std::string, npm_run> current;
  /// Those that failed before, oldest first.
  std::map<std::string, std::vector<npm_run>> failed_history;

  static constexpr auto fields = describe(
    "npm_runs", "What the npm library keeps of its runs.",
    field("current", &npm_runs::current, presence::optional, "By name."),
    field("failedHistory", &npm_runs::failed_history, presence::optional,
          "Those that failed before."));
};

/// What the npm library makes of a record that it encrypts.
struct npm_sealed {
  std::string data;
  std::string iv;

  static constexpr auto fields
    = describe("npm_sealed", "An encrypted record of the npm library.",
               field("data", &npm_sealed::data, "Cipher text in base64."),
               field("iv", &npm_sealed::iv, "Initial vector in base64."));
};

} // namespace orc
