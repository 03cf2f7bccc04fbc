#pragma once

#include "actors/walk/live_page.hpp"

#include <set>
#include <vector>

namespace orc {

/// What of a batch is not durable yet. What begins and ends between two saves
/// leaves nothing here.
class page_changes {
public:
  /// Something that is counted has changed.
  void mark_dirty() noexcept {
    is_dirty_ = true;
  }

  bool is_dirty() const noexcept {
    return is_dirty_;
  }

  void change_spec();

  /// A page that is live is another one than in the store.
  void change(const live_page& page);

  /// A page is over.
  void forget(const live_page& page);

  /// A page is not live any more, but lies in the store.
  void leave(const live_page& page);

  /// Items that failed are done now.
  void heal(const live_page& page);

  /// Items failed in a page that is done.
  /// @returns how many.
  std::uint64_t
  keep_flaws(const live_page& page, const std::vector<item_failure>& failures);

  /// @returns all of it; nothing is left.
  save_walk take(const walk_record& record, live_pages& live);

private:
  std::set<page_number> changed_;
  std::vector<page_number> gone_;
  std::vector<stored_page> left_;
  std::vector<stored_item> items_;
  std::vector<stored_item> items_done_;
  bool is_dirty_ = false;
  bool spec_changed_ = false;
};

} // namespace orc
