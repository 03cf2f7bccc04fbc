#pragma once

#include "messages/apify_api.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace orc {

/// One round of settling, without actors: which platform runs and datasets are
/// to be read again, and what the answers say of the runs they belong to.
class settlement {
public:
  settlement() = default;

  /// @param settled_before what ended later stays preliminary, whatever the
  ///        platform tells now.
  settlement(std::vector<run_record> records, timestamp settled_before);

  /// @returns the platform runs that were not read yet, by start time.
  std::vector<std::string> unread() const;

  std::size_t unread_count() const noexcept {
    return by_start_.size();
  }

  /// @returns the earliest start of the unread.
  /// @pre `unread_count() > 0`
  timestamp earliest_start() const;

  /// Takes what the platform tells of a run, if it belongs to one of ours.
  void saw(const remote_run& x);

  /// The platform will not tell more of it than is known.
  void nothing_more(const std::string& id);

  /// The platform could not be asked: the run stays unsettled.
  void postpone(const std::string& id);

  /// @returns the datasets of the finished runs.
  std::vector<std::string> datasets() const;

  /// @returns those of runs whose items were never counted.
  std::vector<std::string> uncounted() const;

  void counted(const std::string& dataset_id, std::uint64_t items);

  bool was_postponed() const noexcept {
    return !postponed_.empty();
  }

  /// @returns the runs that are settled now, or of which more is known.
  std::vector<run_record> news() const;

private:
  struct place {
    std::size_t record = 0;
    std::size_t attempt = 0;
  };

  bool is_settled(std::size_t index) const;
  void forget(const std::string& id);

  std::vector<run_record> records_;
  timestamp settled_before_;
  /// By id of the platform run.
  std::map<std::string, place> unread_;
  std::set<std::pair<timestamp, std::string>> by_start_;
  /// Indexes of finished records.
  std::map<std::string, std::size_t> by_dataset_;
  /// Indexes of records.
  std::set<std::size_t> postponed_;
  std::set<std::size_t> changed_;
};

} // namespace orc
