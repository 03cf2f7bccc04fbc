#pragma once

#include "actors/walk/cursor_trail.hpp"
#include "actors/walk/live_page.hpp"
#include "actors/walk/page_changes.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// Which page of a batch is done next, and what becomes of those that are being
/// done. Holds what is live only: pages that are done are forgotten, and so are
/// those that are stuck or have failed, which lie in the store.
///
///     fresh ─▶ reading ─▶ (announcing) ─▶ working (⇄ queued) ─▶ done
///                ▲            initial attempts │
///                └───────────── resting ◀──────┤
///     stuck, in the store ◀────────────────────┤ attempts used up
///     failed, in the store ◀───────────────────┘ hopeless, at most once
///
/// The pages are a chain: each tells where the next one begins, once. So at
/// most one is fresh, however many there are.
class page_window {
public:
  /// What became of a word about the next page.
  enum class handover : std::uint8_t {
    taken,
    /// It is known already: the first cursor counts.
    known,
    /// This attempt has said it before: an error of its program.
    twice,
    /// It leads back: the chain ends here.
    circular,
    /// The attempt is over.
    stale,
  };

  page_window() = default;

  /// @param first_cursor where the chain began.
  page_window(walk_rules rules, walk_record record,
              std::string first_cursor = {});

  /// Other rules from now on.
  void set_rules(walk_rules rules, secret spec);

  /// Puts back a page that was live when the process before this one ended.
  void put_back(stored_page page);

  // -- starting pages ---------------------------------------------------------

  /// Begins an attempt of the page that is next.
  /// @param limit of pages at a time.
  /// @returns nothing if none may start.
  live_page* start_next(std::uint64_t limit, timestamp now);

  /// Begins an attempt of a page that is stuck, unless that is going on.
  live_page* start_stuck(const stored_page& page,
                         std::vector<stored_item> flaws, timestamp now);

  /// @returns how many stuck pages may start: none while others are to be done.
  std::uint64_t room_for_stuck(std::uint64_t limit) const;

  /// @returns the page, if there is such an attempt of it.
  live_page* find(page_number page, std::uint32_t attempt);

  /// @returns the page, if an attempt of it goes on.
  live_page* find_busy(page_number page);

  // -- what happens to them ---------------------------------------------------

  /// The source has answered.
  /// @returns false if the page is empty, and forgotten.
  bool take_items(live_page& page, json_text items, std::uint64_t count,
                  const std::optional<std::string>& next);

  handover learn_next(page_number page, std::uint32_t attempt,
                      const std::string& cursor, std::uint64_t size);

  /// The attempt is about to begin, and must never begin again.
  void announce(live_page& page);

  /// The processor has it from now on.
  void begin_work(live_page& page, timestamp now);

  /// The processor lets it wait, or waits no more.
  void take_turn(live_page& page, bool has_come, timestamp now);

  /// The attempt is over.
  /// @param wait so long at least before the next one.
  void
  end_attempt(live_page& page, const page_result& how, timestamp now,
              std::chrono::milliseconds wait = std::chrono::milliseconds{0});

  /// Attempts that take too long, although their processor should have ended
  /// them.
  std::vector<page_number> overdue(timestamp now) const;

  /// What failed is about to be done again, also where it broke the chain.
  void mend_chain();

  /// Pages that had failed, or have flaws, are stuck again.
  void revive(const revived_pages& x);

  // -- how it stands ----------------------------------------------------------

  const walk_record& record() const noexcept {
    return record_;
  }

  walk_record& record() noexcept {
    return record_;
  }

  const walk_rules& rules() const noexcept {
    return rules_;
  }

  std::uint64_t busy() const noexcept {
    return busy_;
  }

  /// @returns whether nothing is left to do.
  bool is_over() const;

  /// @returns when something changes by time alone.
  std::optional<timestamp> next_due() const;

  // -- making it durable ------------------------------------------------------

  bool is_dirty() const noexcept {
    return changes_.is_dirty();
  }

  void mark_dirty() noexcept {
    changes_.mark_dirty();
  }

  /// @returns what has changed since it was asked last.
  save_walk take_changes();

private:
  live_page& add(stored_page page);
  void set_step(live_page& page, live_page::step next);
  void complete(live_page& page, const page_result& how);
  std::vector<item_failure>
  failures_of(const live_page& page, const page_result& how) const;
  void rest(live_page& page, timestamp until);
  void stick(live_page& page, timestamp now);
  void fail(live_page& page);

  /// Lets it go: over, or in the store from now on.
  void forget(page_number page);
  void leave(live_page& page, page_state state);
  bool leads_back(const std::string& cursor) const;

  walk_rules rules_;
  walk_record record_;
  std::string first_cursor_;
  live_pages live_;
  std::deque<page_number> fresh_;
  std::uint64_t busy_ = 0;
  std::uint64_t resting_ = 0;
  cursor_trail trail_;
  page_changes changes_;
};

} // namespace orc
