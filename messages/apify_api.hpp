#pragma once

#include "messages/base/error.hpp"
#include "messages/base/message.hpp"
#include "messages/run_record.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <map>

namespace orc {

/// A run as the platform tells of it. List items lack what is optional here.
struct remote_run {
  std::string id;
  std::string actor_id;
  std::string task_id;
  remote_status status = remote_status::ready;
  timestamp started_at;
  std::optional<timestamp> finished_at;
  std::string user_agent;
  std::string dataset_id;
  std::string key_value_store_id;
  std::optional<mebibytes> memory;
  std::optional<std::string> status_message;
  std::optional<std::int64_t> exit_code;
  std::optional<double> usage_total_usd;
  std::uint32_t resurrect_count = 0;

  static constexpr auto fields
    = describe("remote_run", "A run as the platform tells of it.",
               field("id", &remote_run::id, "The platform's id."),
               field("actId", &remote_run::actor_id, "Id of its actor."),
               field("actorTaskId", &remote_run::task_id, "Id of its task."),
               field("status", &remote_run::status, "Last known."),
               field("startedAt", &remote_run::started_at, "Server time."),
               field("finishedAt", &remote_run::finished_at, "Server time."),
               field("userAgent", &remote_run::user_agent, "Of its start."),
               field("defaultDatasetId", &remote_run::dataset_id, "Items."),
               field("defaultKeyValueStoreId", &remote_run::key_value_store_id,
                     "Records."),
               field("memory", &remote_run::memory, "Really given."),
               field("statusMessage", &remote_run::status_message, "If any."),
               field("exitCode", &remote_run::exit_code, "If it ended."),
               field("usageTotalUsd", &remote_run::usage_total_usd, "Cost."),
               field("resurrectCount", &remote_run::resurrect_count,
                     "How often it was resurrected."));
};

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

struct get_limits {
  static constexpr auto fields
    = describe("get_limits", "Asks what the account may use.");
};

/// What the account may use, and what is in use now, by us and by others.
struct account_limits {
  mebibytes max_memory;
  mebibytes used_memory;
  std::uint64_t max_runs = 0;
  std::uint64_t active_runs = 0;
  std::optional<double> max_monthly_usd;
  std::optional<double> monthly_usd;

  static constexpr auto fields = describe(
    "account_limits", "What the account may use, and what is in use.",
    field("maxMemory", &account_limits::max_memory, "Of all jobs."),
    field("usedMemory", &account_limits::used_memory, "Of all jobs."),
    field("maxRuns", &account_limits::max_runs, "At a time."),
    field("activeRuns", &account_limits::active_runs, "Now."),
    field("maxMonthlyUsd", &account_limits::max_monthly_usd, "Limit."),
    field("monthlyUsd", &account_limits::monthly_usd, "Spent."));
};

struct get_user {
  static constexpr auto fields
    = describe("get_user", "Asks whose token this is.");
};

struct remote_user {
  std::string id;
  std::string username;

  static constexpr auto fields
    = describe("remote_user", "Whose token this is.",
               field("id", &remote_user::id, "The platform's id."),
               field("username", &remote_user::username, "Its name."));
};

/// Asks what a run of this target gets if its options say nothing.
struct get_target {
  run_target target;

  static constexpr auto fields
    = describe("get_target", "Asks for the defaults of a target.",
               field("target", &get_target::target, "Actor or task."));
};

struct target_defaults {
  /// Missing where the platform computes it for each input.
  std::optional<mebibytes> memory;
  /// The Apify actor's id, also of a task.
  std::string actor_id;
  /// The task's id, if it is one.
  std::string task_id;

  static constexpr auto fields
    = describe("target_defaults", "What a run gets by default.",
               field("memory", &target_defaults::memory, "If fixed."),
               field("actId", &target_defaults::actor_id, "Platform's id."),
               field("actorTaskId", &target_defaults::task_id, "If a task."));
};

/// Asks for the item counts of the newest unnamed datasets of the account, or
/// of one dataset.
struct count_items {
  /// One dataset, or the newest if empty.
  std::string dataset_id;

  static constexpr auto fields
    = describe("count_items", "Asks for item counts of datasets.",
               field("datasetId", &count_items::dataset_id, "Only this."));
};

struct item_counts {
  std::map<std::string, std::uint64_t> counts;

  static constexpr auto fields
    = describe("item_counts", "Items by dataset id.",
               field("counts", &item_counts::counts, "By dataset id."));
};

/// Asks for a page of a dataset's items, as bytes in the format asked for.
struct get_items {
  std::string dataset_id;
  std::uint64_t offset = 0;
  std::uint64_t limit = 1000;
  /// `json`, `jsonl` or `csv`.
  std::string format = "jsonl";
  /// More query parameters, already escaped: `clean=1&fields=a,b`.
  std::string query;

  static constexpr auto fields
    = describe("get_items", "Asks for a page of items.",
               field("datasetId", &get_items::dataset_id, "Of a run."),
               field("offset", &get_items::offset, "Raw items to skip."),
               field("limit", &get_items::limit, "Raw items to look at."),
               field("format", &get_items::format, "json, jsonl or csv."),
               field("query", &get_items::query, "More parameters."));
};

struct items_page {
  /// The body as the platform sent it.
  json_text body;
  /// Items in the body, as `X-Apify-Pagination-Count` says; the lines of the
  /// body where it says nothing.
  std::uint64_t count = 0;
  std::uint64_t total = 0;

  static constexpr auto fields
    = describe("items_page", "A page of items.",
               field("body", &items_page::body, "As sent."),
               field("count", &items_page::count, "Items in it."),
               field("total", &items_page::total, "In the dataset."));
};

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

/// The APIFY API interface: the platform as one account sees it. What may be
/// repeated (all but starts) is repeated with back-off on 429, 5xx and network
/// errors, at most 8 times; the error that remains tells by its `ec`:
/// `unauthorized`, `forbidden`, `not_found`, `invalid_input`,
/// `input_too_large`, `memory_refused`, `slots_refused`, `billing_refused`,
/// `api_refused`; `rate_limited`, `not_sent`: surely nothing happened;
/// `answer_lost`, `bad_answer`: it may have been carried out.
using apify_api_actor
  = caf::typed_actor<caf::replies_to<start_remote_run>::with<remote_run>,
                     caf::replies_to<get_remote_run>::with<remote_run>,
                     caf::replies_to<list_remote_runs>::with<remote_runs>,
                     caf::replies_to<abort_remote_run>::with<remote_run>,
                     // Not repeated by the APIFY API after a lost answer: look
                     // at the run first.
                     caf::replies_to<resurrect_remote_run>::with<remote_run>,
                     caf::replies_to<get_input>::with<json_text>,
                     caf::replies_to<get_limits>::with<account_limits>,
                     caf::replies_to<get_user>::with<remote_user>,
                     caf::replies_to<get_target>::with<target_defaults>,
                     caf::replies_to<count_items>::with<item_counts>,
                     caf::replies_to<get_items>::with<items_page>,
                     // Replies at once, from the last `Date` header; this
                     // machine's clock before there was one.
                     caf::replies_to<get_server_time>::with<timestamp>,
                     caf::replies_to<get_api_usage>::with<api_usage>>;

} // namespace orc

#define ORC_APIFY_API_MESSAGES(X)                                              \
  X(orc::remote_run)                                                           \
  X(orc::start_remote_run)                                                     \
  X(orc::get_remote_run)                                                       \
  X(orc::list_remote_runs)                                                     \
  X(orc::remote_runs)                                                          \
  X(orc::abort_remote_run)                                                     \
  X(orc::resurrect_remote_run)                                                 \
  X(orc::get_input)                                                            \
  X(orc::get_limits)                                                           \
  X(orc::account_limits)                                                       \
  X(orc::get_user)                                                             \
  X(orc::remote_user)                                                          \
  X(orc::get_target)                                                           \
  X(orc::target_defaults)                                                      \
  X(orc::count_items)                                                          \
  X(orc::item_counts)                                                          \
  X(orc::get_items)                                                            \
  X(orc::items_page)                                                           \
  X(orc::get_server_time)                                                      \
  X(orc::get_api_usage)                                                        \
  X(orc::api_usage)

ORC_APIFY_API_MESSAGES(ORC_DECLARE_MESSAGE)
