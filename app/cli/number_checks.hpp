#pragma once

#include "messages/base/units.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <limits>

namespace orc::app {

/// CLI11's own says "in range" with the 309 digits of the largest number, and
/// takes -1 for a very large count where there is no check.
class number_check : public CLI::Validator {
public:
  number_check(const char* name, const char* what, bool takes_zero,
               double most = std::numeric_limits<double>::infinity())
    : Validator{name} {
    func_ = [=](std::string& text) -> std::string {
      auto number = 0.0;
      auto is_good = CLI::detail::lexical_cast(text, number)
                     && (takes_zero ? number >= 0 : number > 0)
                     && number <= most;
      return is_good ? "" : fmt::format("must be {}, not {}", what, text);
    };
  }
};

inline const number_check above_zero{"POSITIVE", "above 0", false};
inline const number_check above_zero_usd{
  "POSITIVE", "above 0 and at most 1000000000", false, max_usd};
inline const number_check at_least_zero{"NONNEGATIVE", "at least 0", true};

} // namespace orc::app
