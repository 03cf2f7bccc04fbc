#pragma once

#include "messages/base/message.hpp"
#include "messages/base/secret.hpp"
#include "messages/run_store/saving.hpp"
#include "messages/walk/walk.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace orc {

/// All that is stored of a batch but its pages: as small for a million pages as
/// for one.
struct walk_record {
  std::uint64_t key = 0;
  std::string name;
  /// As it was given; may hold secrets, so it is sealed.
  secret spec;
  walk_state state = walk_state::running;
  walk_counts counts;
  walk_limits limits;
  timestamp started_at;
  std::optional<timestamp> finished_at;
  /// Number of the page that is found next.
  std::uint64_t next_page = 0;
  /// The last page of the data set is known.
  bool scanned = false;
  std::optional<std::string> resume_cursor;
  std::optional<std::string> error;
  /// Since when the time of all of it counts.
  timestamp timed_from;

  static constexpr auto fields = describe(
    "walk_record", "All that is stored of a batch but its pages.",
    field("key", &walk_record::key, "Its row."),
    field("name", &walk_record::name, "Its name."),
    field("spec", &walk_record::spec, "As it was given."),
    field("state", &walk_record::state, "Where it stands."),
    field("counts", &walk_record::counts, "What is counted."),
    field("limits", &walk_record::limits, "As users set them."),
    field("startedAt", &walk_record::started_at, "When."),
    field("finishedAt", &walk_record::finished_at, presence::optional, "When."),
    field("nextPage", &walk_record::next_page, "Its number."),
    field("scanned", &walk_record::scanned, "All pages are found."),
    field("resumeCursor", &walk_record::resume_cursor, presence::optional,
          "Where the chain broke."),
    field("error", &walk_record::error, presence::optional, "Why."),
    field("timedFrom", &walk_record::timed_from, "For the time-out."));
};

/// A page that is stored: one that is live, or that did not come to a good end.
struct stored_page {
  std::uint64_t number = 0;
  page_state state = page_state::live;
  std::string cursor;
  std::uint64_t size = 0;
  std::uint32_t attempts = 0;
  /// Its successor is known.
  bool has_next = false;
  /// Its processor may have been started (at-most-once).
  bool started = false;
  /// When a stuck page is tried again.
  timestamp due = {};
  std::string error;

  static constexpr auto fields
    = describe("stored_page", "A page that is stored.",
               field("number", &stored_page::number, "From 0."),
               field("state", &stored_page::state, "How it stands."),
               field("cursor", &stored_page::cursor, "Where it begins."),
               field("size", &stored_page::size, "Items."),
               field("attempts", &stored_page::attempts, "So far."),
               field("hasNext", &stored_page::has_next, "Successor known."),
               field("started", &stored_page::started, "May have begun."),
               field("due", &stored_page::due, "Tried again."),
               field("error", &stored_page::error, "Of the last attempt."));
};

/// An item that failed in a page that is done.
struct stored_item {
  std::uint64_t page = 0;
  std::uint64_t item = 0;
  /// JSON; "" if the processor fetched it itself.
  std::string text;
  std::string error;

  static constexpr auto fields
    = describe("stored_item", "An item that failed.",
               field("page", &stored_item::page, "Of this page."),
               field("item", &stored_item::item, "Its place in it."),
               field("text", &stored_item::text, "The item."),
               field("error", &stored_item::error, "Why."));
};

/// Makes a batch. Fails with `ec::name_conflict` if the name is taken.
struct add_walk {
  walk_record walk;
  stored_page first;

  static constexpr auto fields
    = describe("add_walk", "Makes a batch.",
               field("walk", &add_walk::walk, "Without a key."),
               field("first", &add_walk::first, "Its first page."));
};

/// Makes all of it durable, or nothing.
struct save_walk {
  walk_record walk;
  /// The specification is another one.
  bool with_spec = false;
  std::vector<stored_page> pages;
  /// Numbers of pages that are over.
  std::vector<std::uint64_t> done;
  std::vector<stored_item> items;
  /// Places of items that are over: page and item.
  std::vector<stored_item> items_done;

  static constexpr auto fields
    = describe("save_walk", "Makes a step of a batch durable.",
               field("walk", &save_walk::walk, "As it is now."),
               field("withSpec", &save_walk::with_spec, "Too."),
               field("pages", &save_walk::pages, "As they are now."),
               field("done", &save_walk::done, "Numbers."),
               field("items", &save_walk::items, "That failed."),
               field("itemsDone", &save_walk::items_done, "Not any more."));
};

struct find_walks {
  /// "": all, the newest first.
  std::string name = {};
  bool only_running = false;

  static constexpr auto fields
    = describe("find_walks", "Asks for batches.",
               field("name", &find_walks::name, "Only this one."),
               field("onlyRunning", &find_walks::only_running, "Only those."));
};

struct found_walks {
  std::vector<walk_record> walks;

  static constexpr auto fields
    = describe("found_walks", "Batches.",
               field("walks", &found_walks::walks, "Asked for."));
};

/// Asks for pages of a batch in a state, those first that are due first.
struct find_walk_pages {
  std::uint64_t walk = 0;
  page_state state = page_state::live;
  std::optional<timestamp> due_until = {};
  std::uint64_t limit = 100;

  static constexpr auto fields
    = describe("find_walk_pages", "Asks for pages.",
               field("walk", &find_walk_pages::walk, "Of this batch."),
               field("state", &find_walk_pages::state, "In this state."),
               field("dueUntil", &find_walk_pages::due_until,
                     presence::optional, "Only those."),
               field("limit", &find_walk_pages::limit, "At most."));
};

struct found_pages {
  std::vector<stored_page> pages;
  /// Of flawed pages.
  std::vector<stored_item> items;
  /// When the next page of that state is due that was not asked for.
  std::optional<timestamp> next_due;

  static constexpr auto fields
    = describe("found_pages", "Pages.",
               field("pages", &found_pages::pages, "Asked for."),
               field("items", &found_pages::items, "Of flawed ones."),
               field("nextDue", &found_pages::next_due, presence::optional,
                     "The next one that was not asked for."));
};

/// Makes a step of a batch durable, and lets all its stuck pages be due then;
/// with `failed`, those that failed, and those with items that failed, are
/// stuck again. All of it, counters too, or nothing.
struct revive_walk_pages {
  /// Without what this changes.
  save_walk change;
  bool failed = false;
  timestamp now;

  static constexpr auto fields
    = describe("revive_walk_pages", "Lets stuck pages be due now.",
               field("change", &revive_walk_pages::change, "Stored before."),
               field("failed", &revive_walk_pages::failed, "Those, too."),
               field("now", &revive_walk_pages::now, "When."));
};

struct revived_pages {
  /// Those that had failed, or were done but for some items; all others were
  /// stuck before.
  std::uint64_t failed = 0;
  std::uint64_t flawed = 0;
  /// The batch as it is stored now.
  walk_record walk;

  static constexpr auto fields
    = describe("revived_pages", "Pages that are due now.",
               field("failed", &revived_pages::failed, "Had failed."),
               field("flawed", &revived_pages::flawed, "Were done."),
               field("walk", &revived_pages::walk, "As it is stored now."));
};

/// Counts pages as stuck that are so again.
inline void count_revived(walk_counts& x, const revived_pages& revived) {
  x.stuck += revived.failed + revived.flawed;
  x.failed -= revived.failed;
  x.completed -= revived.flawed;
}

/// The WALK STORE interface: durable batches. Answers come after what they say
/// is durable; what waits in the mailbox shares one commit. Fails with
/// `ec::store_failed` when the disk does; then nothing of it is stored.
using walk_store_actor
  = caf::typed_actor<caf::replies_to<add_walk>::with<found_walks>,
                     caf::replies_to<save_walk>::with<saved>,
                     // Fails with `ec::wrong_key` if a specification cannot be
                     // opened.
                     caf::replies_to<find_walks>::with<found_walks>,
                     caf::replies_to<find_walk_pages>::with<found_pages>,
                     caf::replies_to<revive_walk_pages>::with<revived_pages>>;

} // namespace orc

#define ORC_WALK_STORE_MESSAGES(X)                                             \
  X(orc::add_walk)                                                             \
  X(orc::save_walk)                                                            \
  X(orc::find_walks)                                                           \
  X(orc::found_walks)                                                          \
  X(orc::find_walk_pages)                                                      \
  X(orc::found_pages)                                                          \
  X(orc::revive_walk_pages)                                                    \
  X(orc::revived_pages)

ORC_WALK_STORE_MESSAGES(ORC_DECLARE_MESSAGE)
