#pragma once

#include "messages/hook_store.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace orc {

/// A fact on its way to the bus.
struct outgoing_event {
  /// Of the delivery in the store.
  std::uint64_t id = 0;
  std::string event_id;
  /// `run.ended`.
  std::string kind;
  json_text event;
};

/// Decides which fact the bus is told next: facts about one entity one after
/// the other, those about different ones side by side. Holds a window of what
/// the store owes, the oldest first; the rest waits in the store.
class event_window {
public:
  /// So many facts are in memory at most.
  static constexpr std::size_t size = 1'000;

  /// @param max_in_flight how many are told at a time.
  explicit event_window(std::size_t max_in_flight);

  // -- filling it -------------------------------------------------------------

  /// @returns whether more shall be loaded now, after `last`.
  bool is_hungry() const;

  std::uint64_t last() const noexcept {
    return last_;
  }

  void loading();

  /// @returns ids of what is no event of ours, which nobody can be told.
  std::vector<std::uint64_t> loaded(const delivery_page& page);

  void load_failed();

  /// The store owes more than the last page told.
  void grew();

  // -- emptying it ------------------------------------------------------------

  /// @returns the next fact to tell, if one may be told now.
  std::optional<outgoing_event> next();

  /// The bus has it.
  void done(std::uint64_t id);

  /// The bus does not have it, or has not said so: it is the next of its
  /// entity.
  void failed(std::uint64_t id);

  /// @returns whether nothing is known that the bus does not have.
  bool is_idle() const noexcept {
    return entries_.empty() && !more_in_store_ && !loading_;
  }

private:
  struct entry {
    outgoing_event event;
    std::string entity;
  };

  std::size_t max_in_flight_;
  std::unordered_map<std::uint64_t, entry> entries_;
  /// By entity: its facts in order. Only the first may be told.
  std::unordered_map<std::string, std::deque<std::uint64_t>> entities_;
  /// First facts of entities that are not on their way.
  std::set<std::uint64_t> ready_;
  std::size_t in_flight_ = 0;
  std::uint64_t last_ = 0;
  bool loading_ = false;
  bool more_in_store_ = true;
};

} // namespace orc
