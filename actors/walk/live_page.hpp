#pragma once

#include "messages/walk/page_processor.hpp"
#include "messages/walk/walk_store.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace orc {

using page_number = std::uint64_t;

/// A page while something is to be done about it.
struct live_page {
  enum class step : std::uint8_t {
    /// Never started; it holds no slot.
    fresh,
    /// The source is asked for its items.
    reading,
    /// What is about to happen is being made durable (at-most-once).
    announcing,
    /// The processor has it.
    working,
    /// The processor has it, and nobody works on it: its time does not run.
    queued,
    /// Between two initial attempts; it keeps its slot.
    resting,
  };

  stored_page is;
  step at = step::fresh;
  json_text items;
  std::uint64_t count = 0;
  /// The source has been asked for its items, or needs not be.
  bool has_items = false;
  /// Items that failed before: only these are done again.
  std::vector<stored_item> flaws;
  /// It is one of those that are stuck: its attempt is one of many.
  bool is_stuck = false;
  /// There is a row of it in the store.
  bool is_stored = false;
  /// This attempt has said where the next page begins.
  bool has_told = false;
  /// What it did wrong, although it may call itself done.
  std::string problem;
  /// When it rests no more, or its attempt takes too long.
  timestamp until;
  /// How often the ramp had been cut when the attempt began.
  std::uint64_t cuts = 0;

  /// @returns whether its processor gets the items that failed before, and
  ///          nothing else. One that fetches its pages gets their places.
  bool has_flaws_only() const {
    return !flaws.empty() && !flaws.front().text.empty();
  }

  bool is_busy() const {
    return at != step::fresh && at != step::resting;
  }
};

using live_pages = std::map<page_number, live_page>;

} // namespace orc
