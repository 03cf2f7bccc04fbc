#pragma once

#include "actors/splitter/digest.hpp"
#include "actors/splitter/item_template.hpp"
#include "messages/split_store.hpp"

#include <functional>
#include <vector>

namespace orc {

/// How a list is cut, all limits resolved.
struct cut_rules {
  /// Largest input.
  std::uint64_t max_bytes = 0;
  std::optional<std::uint64_t> max_items;
  /// Cut into so many parts of equal numbers of items; needs `total_items`.
  std::optional<std::uint64_t> parts;
  std::uint64_t total_items = 0;
  oversize_policy on_oversize = oversize_policy::error;
};

/// A part that is complete.
struct cut_part {
  stored_part part;
  /// Its input, if asked for.
  std::string input;
};

/// Fills parts with items, one after the other, each as full as the rules let
/// it be. Every item is measured once.
///
/// Parts that are known from before come first and take the items they had
/// then, whatever the rules say now.
class part_cutter {
public:
  using part_sink = std::function<caf::error(cut_part)>;

  /// @param known parts from before, in order.
  /// @param with_inputs whether parts shall carry their inputs.
  part_cutter(item_template shape, cut_rules rules,
              std::vector<stored_part> known, bool with_inputs, part_sink sink);

  [[nodiscard]] caf::error add(std::string_view item);

  /// The list is over.
  /// @returns `ec::name_conflict` if items of known parts are missing.
  [[nodiscard]] caf::error finish();

  std::uint64_t skipped() const noexcept {
    return skipped_;
  }

  /// @returns the first 100 items that fit in no part.
  const std::vector<oversize_item>& skipped_items() const noexcept {
    return skipped_items_;
  }

private:
  const stored_part* known_part() const noexcept;
  caf::error skip(std::uint64_t size);
  bool is_full(std::uint64_t size) const noexcept;
  void put(std::string_view item, std::string_view mapped, std::uint64_t size);
  caf::error close();

  item_template shape_;
  cut_rules rules_;
  std::vector<stored_part> known_;
  bool with_inputs_;
  part_sink sink_;

  std::uint64_t frame_bytes_ = 0;
  std::uint64_t index_ = 0;
  std::uint64_t closed_ = 0;
  std::uint64_t next_boundary_ = 0;
  std::uint64_t boundaries_ = 0;
  cut_part open_;
  digest digest_;
  std::uint64_t skipped_ = 0;
  std::vector<oversize_item> skipped_items_;
};

} // namespace orc
