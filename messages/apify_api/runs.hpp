#pragma once

#include "messages/apify_api/remote_run.hpp"

namespace orc {

/// Asks the platform to start a run. Never repeated by the APIFY API.
struct start_remote_run {
  run_target target;
  json_text input;
  run_options options;
  /// See `start_intent`.
  std::string marker;

  static constexpr auto fields
    = describe("start_remote_run", "Starts a run.",
               field("target", &start_remote_run::target, "What to start."),
               field("input", &start_remote_run::input, "May be empty."),
               field("options", &start_remote_run::options, "How."),
               field("marker", &start_remote_run::marker, "In User-Agent."));
};

struct get_remote_run {
  std::string id;
  /// The platform answers when the run ends, at the latest after so long;
  /// 0 to 60.
  std::uint32_t wait_secs = 0;

  static constexpr auto fields
    = describe("get_remote_run", "Asks for a run.",
               field("id", &get_remote_run::id, "The platform's id."),
               field("waitSecs", &get_remote_run::wait_secs, "Long poll."));
};

struct list_remote_runs {
  /// Only these, unless empty.
  std::vector<remote_status> statuses;
  std::optional<timestamp> started_after;
  std::uint32_t limit = 1000;
  std::uint32_t offset = 0;
  bool newest_first = false;

  static constexpr auto fields = describe(
    "list_remote_runs", "Asks for runs of the account, by start time.",
    field("statuses", &list_remote_runs::statuses, "Only these."),
    field("startedAfter", &list_remote_runs::started_after, "Inclusive."),
    field("limit", &list_remote_runs::limit, "1 to 1000."),
    field("offset", &list_remote_runs::offset, "How many to skip."),
    field("newestFirst", &list_remote_runs::newest_first, "Order."));
};

struct remote_runs {
  std::vector<remote_run> runs;
  /// How many fit the question in all.
  std::uint64_t total = 0;

  static constexpr auto fields
    = describe("remote_runs", "A page of runs.",
               field("runs", &remote_runs::runs, "In order."),
               field("total", &remote_runs::total, "On all pages."));
};

struct abort_remote_run {
  std::string id;
  /// Gives the run 30 s to end by itself.
  bool gracefully = false;

  static constexpr auto fields
    = describe("abort_remote_run", "Aborts a run; nothing if it ended.",
               field("id", &abort_remote_run::id, "The platform's id."),
               field("gracefully", &abort_remote_run::gracefully, "30 s."));
};

struct resurrect_remote_run {
  std::string id;
  run_options options;

  static constexpr auto fields
    = describe("resurrect_remote_run", "Lets a run that ended go on.",
               field("id", &resurrect_remote_run::id, "The platform's id."),
               field("options", &resurrect_remote_run::options, "New ones."));
};

struct get_input {
  std::string key_value_store_id;

  static constexpr auto fields = describe(
    "get_input", "Asks for the input a run was started with.",
    field("keyValueStoreId", &get_input::key_value_store_id, "Of the run."));
};

} // namespace orc

#define ORC_APIFY_RUNS_MESSAGES(X)                                             \
  X(orc::start_remote_run)                                                     \
  X(orc::get_remote_run)                                                       \
  X(orc::list_remote_runs)                                                     \
  X(orc::remote_runs)                                                          \
  X(orc::abort_remote_run)                                                     \
  X(orc::resurrect_remote_run)                                                 \
  X(orc::get_input)

ORC_APIFY_RUNS_MESSAGES(ORC_DECLARE_MESSAGE)
