#pragma once

#include "app/items/lone_platform.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <string>

namespace orc::app {

/// Appends items to a dataset that nobody else writes to.
///
/// To push twice would be to have items twice, so that a push whose answer is
/// lost is looked for in the dataset before it is repeated.
class dataset_writer {
public:
  explicit dataset_writer(lone_platform& platform);

  /// Makes the dataset, or takes the one that has the name if it is empty or
  /// has exactly what was written before.
  /// @param written items that were pushed by who was here before.
  [[nodiscard]] caf::error open(const std::string& name, std::uint64_t written);

  /// @returns the platform's id of the dataset.
  const std::string& id() const noexcept {
    return id_;
  }

  /// @returns how many items it has.
  std::uint64_t items() const noexcept {
    return items_;
  }

  /// @param lines one item each.
  [[nodiscard]] caf::error write(std::string_view lines);

private:
  caf::error push(const std::string& items, std::uint64_t count);
  /// @returns whether the dataset has an item at this position.
  caf::expected<bool> has_item(std::uint64_t position);

  lone_platform& platform_;
  std::string id_;
  std::uint64_t items_ = 0;
};

} // namespace orc::app
