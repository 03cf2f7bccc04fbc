#pragma once

#include "messages/apify_api.hpp"

#include <vector>

namespace orc {

/// Reads the list of runs of an account page by page, by start time.
///
/// Runs leave a filtered list while it is read, which shifts offsets but not
/// times: each page begins with the start of the last run of the page before,
/// and an offset only tells those apart that started together. So a run may
/// come twice, and none is passed over.
///
/// A page is the last if nothing is left of the total, however few runs the
/// platform puts on a page. A total of more than fits the question costs two
/// pages more: with the last run again, and with none.
class run_pages {
public:
  run_pages() = default;

  /// @param statuses only these, unless empty.
  /// @param from the earliest start.
  run_pages(std::vector<remote_status> statuses, timestamp from);

  /// @returns the question for the next page.
  list_remote_runs request() const;

  /// Takes the answer.
  /// @returns whether there may be a next page.
  bool took(const remote_runs& page);

  /// Passes over what started before `from`, if the next page would hold that.
  void skip_to(timestamp from);

  /// @returns how many pages were taken.
  std::uint32_t count() const noexcept {
    return count_;
  }

private:
  std::vector<remote_status> statuses_;
  timestamp from_;
  std::uint32_t offset_ = 0;
  std::uint32_t count_ = 0;
};

} // namespace orc
