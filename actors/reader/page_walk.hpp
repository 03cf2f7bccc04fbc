#pragma once

#include "actors/reader/page_size.hpp"
#include "messages/apify_api/items.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace orc {

/// How to walk over one dataset.
struct page_walk_rules {
  /// Pages may have fewer items than they were asked for without being the
  /// last, since options such as `clean` leave some out.
  bool thins_out = false;
  /// Wait at the end for more, as long as more may come.
  bool follow = false;
  std::uint64_t start = 0;
  /// Raw items to look at.
  std::optional<std::uint64_t> limit;
  /// A position behind `start` at which a page shall end; 0 for none.
  std::uint64_t barrier = 0;
};

/// A page to ask for.
struct page_ask {
  std::uint64_t id = 0;
  std::uint64_t offset = 0;
  std::uint64_t limit = 0;
  /// Whether the options that leave items out go along. Without them the
  /// platform tells how many items there are.
  bool thinned = false;
};

/// A page to hand out.
struct walked_page {
  items_page page;
  /// Raw position behind it.
  std::uint64_t position = 0;
};

/// Walks over the items of one dataset, several pages ahead.
///
/// Counts of the platform lag by seconds, so that only a page tells where a
/// dataset ends: one that is short although it leaves nothing out, and that was
/// asked for after the run had ended. Offsets count raw items. Where options
/// thin pages out, the end is found by a page without them; while more may
/// come, such a page goes before each that is handed out, or what is appended
/// meanwhile would be passed over.
///
///     streaming --short page--> at the end --may grow, follow--> waiting
///        ^                          |                              |
///        |                          `--else--> done                |
///        `------------------------- poke --------------------------'
class page_walk {
public:
  explicit page_walk(page_walk_rules rules = {});

  /// Tells whether more may be appended. Holds for what is asked from now on.
  void set_may_grow(bool x) noexcept {
    may_grow_ = x;
  }

  /// @returns the next page to ask for, if there shall be one more.
  /// @param window pages that may be asked for and not handed out.
  std::optional<page_ask> next(std::size_t window);

  /// Takes an answer. Answers to what is not wanted any more are passed over.
  void accept(std::uint64_t id, items_page page);

  /// @returns the next page in order, if it is there; it may have no items.
  std::optional<walked_page> take();

  /// Goes on after having waited.
  void poke() noexcept {
    waiting_ = false;
  }

  /// Starts over with another dataset of the same run.
  void restart();

  /// Forgets what is asked for and waits: it could not be answered now.
  void hold();

  /// @returns whether it waits for more to be appended.
  bool is_waiting() const noexcept {
    return waiting_;
  }

  bool is_done() const noexcept {
    return done_ && asked_.empty();
  }

  /// @returns whether it is done since nothing follows, not for its limit.
  bool is_at_end() const noexcept {
    return at_end_;
  }

  /// @returns the raw position behind all that was handed out.
  std::uint64_t position() const noexcept {
    return position_;
  }

  /// @returns bytes of pages that wait to be handed out.
  std::uint64_t bytes_held() const noexcept {
    return bytes_held_;
  }

  /// @returns whether nothing is asked for and nothing waits to be taken.
  bool is_idle() const noexcept {
    return asked_.empty();
  }

private:
  struct slot {
    page_ask ask;
    /// Asked for when no more could come.
    bool after_end = false;
    /// Only tells how many raw items there are.
    bool is_count = false;
    /// Its raw items were counted: they are exactly as many as its limit.
    bool is_counted = false;
    std::optional<items_page> page;
  };

  page_ask push(std::uint64_t offset, std::uint64_t limit, bool is_count,
                bool is_counted);
  static bool looks_last(const slot& x) noexcept;
  bool is_careful() const noexcept;
  std::uint64_t room(std::uint64_t from) const noexcept;
  std::optional<walked_page> take_plain(slot x);
  std::optional<walked_page> take_thinned(slot x);
  void take_count(const slot& x);
  void back_to(std::uint64_t position);
  void end(bool for_good);

  page_walk_rules rules_;
  page_size size_;
  std::deque<slot> asked_;
  std::uint64_t position_;
  std::uint64_t next_;
  std::uint64_t last_id_ = 0;
  std::uint64_t bytes_held_ = 0;
  /// Raw items from the position on that are known to be there.
  std::uint64_t counted_ = 0;
  /// The last count was of a dataset's end.
  bool counted_all_ = false;
  bool may_grow_ = true;
  bool careful_ = false;
  bool at_edge_ = false;
  bool waiting_ = false;
  bool done_ = false;
  bool at_end_ = false;
};

} // namespace orc
