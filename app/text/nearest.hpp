#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orc::app {

/// @returns the word of `known` that `word` was probably meant to be, or "".
std::string_view
nearest(std::string_view word, const std::vector<std::string_view>& known);

/// @returns "; did you mean `x`?", or "" if nothing is near.
std::string
did_you_mean(std::string_view word, const std::vector<std::string_view>& known);

} // namespace orc::app
