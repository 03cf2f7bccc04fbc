#pragma once

#include "actors/account/key_set.hpp"
#include "actors/account/min_heap.hpp"
#include "actors/account/run_class.hpp"
#include "actors/account/run_line.hpp"
#include "messages/base/timestamp.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace orc {

/// The runs of an account that wait, in the order of their admission: higher
/// priority first, among these the namespace that got least so far (in memory
/// times runs, counted from when it last had nothing to wait for), among these
/// the oldest. A queued run costs eight bytes and a bit.
class admission_queue {
public:
  /// Lets a run wait, until `not_before` apart from the others.
  /// @returns whether it did not wait already.
  bool push(const run_class& kind, run_key key,
            std::optional<timestamp> not_before = std::nullopt);

  /// Takes a run out, wherever it is.
  /// @returns whether it waited.
  bool erase(run_key key);

  bool contains(run_key key) const {
    return waiting_.contains(key);
  }

  /// Lets those wait with the others whose time has come.
  /// @returns whether there were any.
  bool release_due(timestamp now);

  /// @returns when the next one's time comes.
  std::optional<timestamp> next_due() const;

  /// Shows the first run of each line in the order of admission, until `judge`
  /// does not say `skip`.
  /// @returns the run it said `take` about.
  std::optional<line_front>
  find(const std::function<admission_verdict(const line_front&)>& judge);

  /// Takes out a run that `find` returned.
  void pop(const line_front& x);

  /// Counts what a namespace gets, or gives back, for fairness.
  void charge(std::uint32_t space, std::int64_t amount);

  /// @returns about how many runs there are before one.
  std::uint64_t count_before(const run_class& kind, run_key key) const;

  /// @returns how many wait.
  std::uint64_t size() const noexcept {
    return waiting_.size();
  }

private:
  struct line {
    run_class kind;
    run_line runs;
  };

  struct delayed {
    timestamp due;
    run_key key;
    std::uint32_t line = 0;

    friend auto operator<=>(const delayed&, const delayed&) = default;
  };

  struct service {
    std::int64_t got = 0;
    std::uint32_t busy_lines = 0;
  };

  using fronts = std::set<std::pair<run_key, std::uint32_t>>;
  using spaces = std::map<std::uint32_t, fronts>;

  std::uint32_t line_of(const run_class& kind);
  void enter(std::uint32_t id, run_key key);
  /// A namespace that waited for nothing has no claim on what it did not use.
  void catch_up(std::uint32_t space);
  void show(std::uint32_t id);
  void hide(std::uint32_t id);
  void skip_erased(std::uint32_t id);
  void skip_all_erased();
  void purge_erased();
  std::vector<std::uint32_t> fair_order(const spaces& xs) const;
  service& service_of(std::uint32_t space);

  std::vector<line> lines_;
  std::map<run_class, std::uint32_t> line_ids_;
  /// The fronts of lines that are not empty, by priority and namespace.
  std::map<std::int32_t, spaces, std::greater<>> levels_;
  std::vector<service> services_;
  /// What the namespace served last had got before.
  std::int64_t last_got_ = 0;
  min_heap<delayed> delayed_;
  key_set waiting_;
  /// Runs that wait no more and still stand in their lines, or among the
  /// delayed: there is one entry at most of each run.
  key_set erased_;
  /// Some of them may be fronts.
  bool has_erased_ = false;
};

} // namespace orc
