#pragma once

#include "messages/run.hpp"

#include <caf/expected.hpp>

#include <vector>

namespace orc::app {

/// The runs that a job brings to their end, wherever they come from.
class work {
public:
  virtual ~work() = default;

  /// @returns the names of all runs, in order.
  virtual const std::vector<run_ref>& names() const = 0;

  /// @returns what is put under the input of each run; empty if nothing is.
  virtual json_text fixed_input() const {
    return {};
  }

  /// @returns the next requests, in order; none when all were told. Few enough
  ///          for one submission.
  [[nodiscard]] virtual caf::expected<std::vector<run_request>> next() = 0;
};

} // namespace orc::app
