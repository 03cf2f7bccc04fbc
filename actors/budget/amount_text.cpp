#include "actors/budget/amount_text.hpp"

#include <fmt/format.h>

namespace orc {

std::string print_amount(double usd) {
  constexpr auto least_digits = 2;
  constexpr auto most_digits = 9;
  constexpr auto cent = 0.01;
  auto digits = least_digits;
  if (usd > 0 && usd < cent)
    // One digit more than the first that says something.
    for (auto one = 0.1; digits < most_digits && usd < one; one /= 10)
      ++digits;
  return fmt::format("{:.{}f}", usd, digits);
}

} // namespace orc
