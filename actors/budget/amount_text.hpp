#pragma once

#include <string>

namespace orc {

/// @returns `1.25`, `0.40`, `0.0031`: two digits, and what else it takes to
///          tell an amount of less than a cent from nothing.
std::string print_amount(double usd);

} // namespace orc
