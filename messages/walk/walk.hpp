#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/names.hpp"
#include "messages/base/timestamp.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// Where a batch stands.
enum class walk_state : std::uint8_t {
  running,
  /// All pages are done, or have failed.
  finished,
  /// A page that could not be done has hidden all that come after it.
  broken,
  timed_out,
  cancelled,
};

template <>
struct enum_names<walk_state> {
  static constexpr std::array<std::string_view, 5> values{
    "running", "finished", "chain-broken", "timed-out", "cancelled"};
};

/// What of a batch is counted.
struct walk_counts {
  /// Pages that were found.
  std::uint64_t pages = 0;
  /// Items of pages that are completed.
  std::uint64_t items = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::uint64_t stuck = 0;
  std::uint64_t item_errors = 0;
  std::uint64_t max_achieved = 0;

  friend bool operator==(const walk_counts&, const walk_counts&) = default;

  static constexpr auto fields = describe(
    "walk_counts", "What of a batch is counted.",
    field("pages", &walk_counts::pages, "Found."),
    field("items", &walk_counts::items, "Of completed pages."),
    field("completed", &walk_counts::completed, "Pages."),
    field("failed", &walk_counts::failed, "Pages."),
    field("stuck", &walk_counts::stuck, "Pages."),
    field("itemErrors", &walk_counts::item_errors, "Items that failed."),
    field("maxAchieved", &walk_counts::max_achieved, "Pages at a time."));
};

/// How many pages may be done at a time, as users set it.
struct walk_limits {
  std::uint32_t limit = 0;
  /// Limits before it, the newest last.
  std::vector<std::uint32_t> before;
  /// Apart from the limit.
  bool paused = false;

  friend bool operator==(const walk_limits&, const walk_limits&) = default;

  static constexpr auto fields
    = describe("walk_limits", "How many pages may be done at a time.",
               field("limit", &walk_limits::limit, "Now."),
               field("before", &walk_limits::before, "Before."),
               field("paused", &walk_limits::paused, "None starts."));
};

/// How a batch stands, for users.
struct walk_view {
  std::string name;
  walk_state state = walk_state::running;
  bool is_paused = false;
  bool is_finished = false;
  std::uint64_t pages = 0;
  std::uint64_t items = 0;
  std::uint64_t completed = 0;
  std::uint64_t processing = 0;
  std::uint64_t failed = 0;
  std::uint64_t stuck = 0;
  std::uint64_t item_errors = 0;
  std::uint32_t max_parallelism = 0;
  /// With the ramp.
  std::uint32_t parallelism = 0;
  std::uint64_t max_achieved = 0;
  double pages_per_sec = 0;
  double items_per_sec = 0;
  std::optional<double> eta_secs;
  timestamp started_at;
  std::optional<timestamp> finished_at;
  std::optional<std::string> resume_cursor;
  std::optional<std::string> error;

  static constexpr auto fields = describe(
    "data_batch", "How a batch stands.",
    field("name", &walk_view::name, "Its name."),
    field("state", &walk_view::state,
          "running, finished, chain-broken, timed-out or cancelled."),
    field("isPaused", &walk_view::is_paused,
          "No page starts, whatever the limit."),
    field("isFinished", &walk_view::is_finished, "Nothing goes on any more."),
    field("pages", &walk_view::pages, "Pages that were found."),
    field("items", &walk_view::items, "Items of completed pages."),
    field("completed", &walk_view::completed, "Pages that are done."),
    field("processing", &walk_view::processing, "Pages being done now."),
    field("failed", &walk_view::failed, "Pages that were given up."),
    field("stuck", &walk_view::stuck,
          "Pages whose initial attempts are used up, tried again later."),
    field("itemErrors", &walk_view::item_errors,
          "Items that failed in pages that are done."),
    field("maxParallelism", &walk_view::max_parallelism,
          "Pages that may be done at a time."),
    field("parallelism", &walk_view::parallelism,
          "The same as it is now: 0 when paused, less during a ramp-up."),
    field("maxParallelismAchieved", &walk_view::max_achieved,
          "Most pages that were done at a time."),
    field("pagesPerSec", &walk_view::pages_per_sec, presence::required, "1/s",
          "Lately."),
    field("itemsPerSec", &walk_view::items_per_sec, presence::required, "1/s",
          "Lately."),
    field("etaSecs", &walk_view::eta_secs, presence::nullable, "s",
          "Time left, where it is known how many items there are."),
    field("startedAt", &walk_view::started_at, "When, across restarts."),
    field("finishedAt", &walk_view::finished_at, presence::nullable, "When."),
    field("resumeCursor", &walk_view::resume_cursor, presence::nullable,
          "Where a broken chain goes on: the firstCursor of another batch."),
    field("error", &walk_view::error, presence::nullable,
          "Why it is not done, if it is not."));
};

/// What of a page is worth to be told.
enum class page_state : std::uint8_t {
  /// To be done, or being done.
  live,
  /// Its initial attempts are used up; it is tried again.
  stuck,
  failed,
  /// Done, but for some items.
  flawed,
};

template <>
struct enum_names<page_state> {
  static constexpr std::array<std::string_view, 4> values{"live", "stuck",
                                                          "failed", "flawed"};
};

/// A page that is not over.
struct walk_page_view {
  std::uint64_t page = 0;
  page_state state = page_state::live;
  std::string cursor;
  std::uint32_t attempts = 0;
  std::string error;
  /// Items that failed, and why.
  std::uint64_t item_errors = 0;

  static constexpr auto fields = describe(
    "batch_page", "A page that is not over.",
    field("page", &walk_page_view::page, "Its number, from 0."),
    field("state", &walk_page_view::state, "live, stuck, failed or flawed."),
    field("cursor", &walk_page_view::cursor, "Where it begins."),
    field("attempts", &walk_page_view::attempts, "So far."),
    field("error", &walk_page_view::error, "Of the last attempt."),
    field("itemErrors", &walk_page_view::item_errors, "Items that failed."));
};

} // namespace orc
