#include "app/text/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace orc::app {

namespace {

/// @returns how many letters must be inserted, removed or replaced.
std::size_t distance(std::string_view x, std::string_view y) {
  std::vector<std::size_t> row(y.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < x.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < y.size(); ++j) {
      auto replaced = diagonal + (x[i] == y[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row.back();
}

} // namespace

std::string_view
nearest(std::string_view word, const std::vector<std::string_view>& known) {
  std::string_view best;
  auto least = 2 + word.size() / 4;
  for (auto candidate : known)
    if (auto d = distance(word, candidate); d < least) {
      best = candidate;
      least = d;
    }
  return best;
}

std::string did_you_mean(std::string_view word,
                         const std::vector<std::string_view>& known) {
  auto best = nearest(word, known);
  return best.empty() ? "" : fmt::format("; did you mean `{}`?", best);
}

} // namespace orc::app
