#pragma once

#include "actors/reader/page_walk.hpp"
#include "actors/reader/read_cursor.hpp"

#include <chrono>
#include <string>

namespace orc {

/// How a READER goes over one of its origins:
///
///     idle --find--> finding --> reading --end, may grow--> resting --.
///                      ^            `--end--> done                    |
///                      `----------------------------------------------'
struct track {
  enum class phase : std::uint8_t { idle, finding, reading, resting, done };

  item_origin origin;
  phase now = phase::idle;
  page_walk walk = page_walk{};
  /// Where it began to hand out pages, for offsets over several origins.
  std::uint64_t start = 0;
  /// Pages up to this raw position were handed out before: they only tell what
  /// was seen. All of them, if it is done by its cursor.
  std::uint64_t replay_to = 0;
  read_position position = {};
  /// What the platform said it has, when last asked; it may be more.
  std::uint64_t total = 0;
  /// Learned with the last `find_origin`; true until then.
  bool may_grow = true;
  bool has_begun = false;
  /// Only finds out how many items it has.
  bool is_measuring = false;
  std::chrono::milliseconds rest = first_rest;

  /// A page of a dataset that grows is worth a call so often at first, and so
  /// often while nothing comes: calls are limited to 60 a second for each
  /// dataset.
  static constexpr std::chrono::milliseconds first_rest{250};
  static constexpr std::chrono::milliseconds longest_rest{2'000};

  /// @returns whether what it hands out next was handed out before.
  bool is_replaying() const noexcept {
    return now != phase::done && walk.position() < replay_to;
  }

  /// @returns how long to rest now; longer each time, until something comes.
  std::chrono::milliseconds next_rest() {
    auto result = rest;
    rest = std::min(longest_rest, rest * 3 / 2);
    return result;
  }
};

/// @returns what to call an origin in messages.
inline const std::string& name_of(const item_origin& x) {
  return x.run.empty() ? x.dataset_id : x.run;
}

} // namespace orc
