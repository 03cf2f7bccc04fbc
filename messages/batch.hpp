#pragma once

#include "messages/run_store.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// What becomes of a batch in which more runs failed than it tolerates.
enum class batch_end : std::uint8_t {
  /// Runs that wait are cancelled; live ones go on.
  stop,
  /// Live ones are aborted, too.
  abort,
};

template <>
struct enum_names<batch_end> {
  static constexpr std::array<std::string_view, 2> values{"stop", "abort"};
};

/// How many failed runs a batch tolerates: a run failed if it is FAILED,
/// TIMED-OUT, refused or lost, with all its attempts used. Without a number
/// every other run goes on whatever becomes of one.
struct batch_rules {
  std::optional<std::uint64_t> tolerated_failures;
  std::optional<double> tolerated_share;
  batch_end on_exceeded = batch_end::stop;

  friend bool operator==(const batch_rules&, const batch_rules&) = default;

  static constexpr auto fields = describe(
    "batch_rules", "How many failed runs a batch tolerates.",
    field("toleratedFailures", &batch_rules::tolerated_failures,
          presence::optional, "With more failed runs the batch is stopped."),
    field("toleratedShare", &batch_rules::tolerated_share, presence::optional,
          "With a larger share of its runs failed the batch is stopped; 0 to "
          "1."),
    field("onExceeded", &batch_rules::on_exceeded, presence::optional,
          "stop: runs that wait are cancelled; abort: live ones, too."));
};

/// Names a batch and sets its rules.
struct batch_request {
  std::string name;
  std::string space = "default";
  batch_rules rules;

  static constexpr auto fields
    = describe("batch_request", "Sets the rules of a batch.",
               field("name", &batch_request::name, "Unique in its namespace."),
               field("namespace", &batch_request::space, presence::optional,
                     "Isolates names; `default` if not given."),
               field("rules", &batch_request::rules, presence::optional,
                     "How many failed runs it tolerates."));
};

/// All that is durable about a batch besides its runs.
struct batch_record {
  run_ref ref;
  batch_rules rules;
  /// Why it was stopped; nothing while it was not.
  std::optional<std::string> stopped;

  static constexpr auto fields
    = describe("batch_record", "What is durable about a batch.",
               field("ref", &batch_record::ref, "Its name."),
               field("rules", &batch_record::rules, "Failures it tolerates."),
               field("stopped", &batch_record::stopped, presence::nullable,
                     "Why it was stopped."));
};

/// A batch as users see it.
struct batch_view {
  std::string name;
  std::string space = "default";
  std::uint64_t runs = 0;
  std::uint64_t ended = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::map<std::string, std::uint64_t> states;
  std::map<std::string, std::uint64_t> statuses;
  std::uint64_t item_count = 0;
  double usage_total_usd = 0;
  batch_rules rules;
  std::optional<std::string> stopped;

  static constexpr auto fields = describe(
    "batch", "Runs that belong together, and how they stand.",
    field("name", &batch_view::name, "Unique in its namespace."),
    field("namespace", &batch_view::space, "Isolates names."),
    field("runs", &batch_view::runs, "How many it has."),
    field("ended", &batch_view::ended, "How many of them are final."),
    field("succeeded", &batch_view::succeeded, "Of those."),
    field("failed", &batch_view::failed,
          "Of those: FAILED, TIMED-OUT, refused or lost."),
    field("states", &batch_view::states, "Runs by state."),
    field("statuses", &batch_view::statuses, "Final runs by status."),
    field("itemCount", &batch_view::item_count, "Items of final runs."),
    field("usageTotalUsd", &batch_view::usage_total_usd, presence::required,
          "USD", "What all its runs cost so far."),
    field("rules", &batch_view::rules, "How many failures it tolerates."),
    field("stopped", &batch_view::stopped, presence::nullable,
          "Why it was stopped; null if it was not."));
};

/// Puts together what is known of a batch.
inline batch_view make_batch_view(const batch_record& x, run_totals totals) {
  batch_view result;
  result.name = x.ref.name;
  result.space = x.ref.space;
  result.rules = x.rules;
  result.stopped = x.stopped;
  auto count = [](const auto& from, std::string_view name) {
    auto i = from.find(std::string{name});
    return i != from.end() ? i->second : 0;
  };
  for (const auto& [name, n] : totals.states) {
    result.runs += n;
    if (auto state = parse_enum<run_state>(name); state && is_final(*state))
      result.ended += n;
  }
  result.succeeded = count(totals.statuses, name_of(remote_status::succeeded));
  result.failed = count(totals.statuses, name_of(remote_status::failed))
                  + count(totals.statuses, name_of(remote_status::timed_out))
                  + count(totals.states, name_of(run_state::refused))
                  + count(totals.states, name_of(run_state::lost));
  result.states = std::move(totals.states);
  result.statuses = std::move(totals.statuses);
  result.item_count = totals.item_count;
  result.usage_total_usd = totals.usage_total_usd;
  return result;
}

/// @returns whether every run of a batch is final.
inline bool is_complete(const batch_view& x) {
  return x.ended == x.runs;
}

} // namespace orc
