#pragma once

#include "messages/base/json_text.hpp"
#include "messages/json/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::sqlite {

// How values of tasks are written to columns.

inline std::int64_t row_of(std::uint64_t key) {
  return static_cast<std::int64_t>(key);
}

inline std::optional<std::string_view>
column(const std::optional<std::string>& x) {
  return x ? std::optional{std::string_view{*x}} : std::nullopt;
}

inline std::optional<std::string_view> column(const json_text& x) {
  return x.empty() ? std::nullopt : std::optional{x.view()};
}

/// @returns a JSON array, or nothing: no list is not the same as an empty one.
inline std::optional<std::string>
render_ids(const std::optional<std::vector<std::string>>& ids) {
  if (!ids)
    return std::nullopt;
  std::string result = "[";
  for (const auto& id : *ids)
    result.append(result.size() > 1 ? "," : "").append(json_quote(id));
  return result + "]";
}

} // namespace orc::sqlite
