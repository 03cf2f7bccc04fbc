#pragma once

#include "messages/hooks.hpp"

#include <deque>
#include <optional>
#include <random>
#include <set>
#include <unordered_map>

namespace orc {

/// Decides which delivery of one webhook goes when. Facts about one run go one
/// after another, those of different runs side by side:
///
///     waiting --due, head of its run--> in flight --2xx--------> delivered
///        ^                                 |---410-------------> disabled
///        `------- back-off <--anything else'--failed too long--> dead
///
/// After a few failures in a row the receiver counts as down: then one delivery
/// at a time finds out whether it is back. So a dead receiver costs one request
/// a quarter of an hour, however long its backlog.
///
/// Holds a window of the backlog, the oldest first; the rest waits in the
/// store.
class delivery_queue {
public:
  /// The window is as large as a page of the store.
  static constexpr std::size_t window = 1'000;

  delivery_queue(const hook_settings& rules, std::uint32_t seed);

  // -- filling it -------------------------------------------------------------

  /// @returns whether more of the backlog shall be loaded now, after `last`.
  bool is_hungry() const;

  std::uint64_t last() const noexcept {
    return last_;
  }

  /// The store is being asked.
  void loading();

  /// Takes a page of the backlog.
  void loaded(const delivery_page& page);

  /// The page did not come: it has to be asked for again.
  void load_failed();

  /// There is more in the store than the last page told.
  void grew();

  /// Old deliveries are pending again: looks for them from the start.
  void rewind();

  // -- emptying it ------------------------------------------------------------

  /// Takes the next delivery that is due, if any may be under way now.
  std::optional<hook_delivery> next(timestamp at);

  /// @returns when `next` should be asked again if nothing else happens.
  std::optional<timestamp> due() const;

  /// Takes the answer to a delivery that `next` gave.
  /// @returns what is to be made durable; nothing if the receiver wants nothing
  ///          any more, see `is_disabled`.
  std::optional<settle_delivery>
  answered(std::uint64_t id, const hook_answer& answer, timestamp at);

  /// The receiver wants nothing: forgets all.
  void disable();

  bool is_disabled() const noexcept {
    return disabled_;
  }

  /// @returns whether the last attempts failed.
  bool is_failing() const noexcept {
    return failures_ > 0;
  }

  /// @returns whether nothing is under way, and nothing can be sent now.
  bool is_idle(timestamp at) const;

private:
  struct entry {
    hook_delivery delivery;
    bool in_flight = false;
  };

  void add(const hook_delivery& x);
  bool may_send(timestamp at) const;
  settle_delivery succeed(const entry& x);
  settle_delivery fail(entry& x, const hook_answer& answer, timestamp at);
  void line_up(std::uint64_t id);
  void drop(std::uint64_t id);
  std::chrono::milliseconds
  pause_after(std::uint32_t failures, std::chrono::milliseconds least);

  hook_settings rules_;
  std::minstd_rand random_;
  std::unordered_map<std::uint64_t, entry> entries_;
  /// By run: its deliveries in order. Only the first may be sent.
  std::unordered_map<std::uint64_t, std::deque<std::uint64_t>> runs_;
  /// First deliveries of runs that are not in flight, by when they are due.
  std::set<std::pair<timestamp, std::uint64_t>> ready_;
  std::uint64_t last_ = 0;
  /// Since the page was asked for that is under way.
  bool rewound_ = false;
  std::size_t in_flight_ = 0;
  /// In a row, of whatever delivery.
  std::uint32_t failures_ = 0;
  timestamp paused_until_;
  bool loading_ = false;
  bool more_in_store_ = true;
  bool disabled_ = false;
};

} // namespace orc
