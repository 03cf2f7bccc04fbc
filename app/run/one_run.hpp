#pragma once

#include "app/plan/plan.hpp"

#include <optional>
#include <string>

namespace orc::app {

/// A run as the command line describes it.
struct one_run {
  std::string actor;
  std::string task;
  std::string name;
  /// JSON, or `@FILE`.
  std::string input;
  std::optional<std::uint64_t> memory;
  std::optional<std::int64_t> timeout;
  std::string build;

  bool given() const noexcept {
    return !actor.empty() || !task.empty();
  }
};

/// @returns a plan of this run alone.
[[nodiscard]] caf::expected<plan> to_plan(const one_run& x);

} // namespace orc::app
