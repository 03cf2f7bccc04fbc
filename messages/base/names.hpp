#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace orc {

/// The names of an enumeration's values, in their order. Specialise it with
/// `static constexpr std::array<std::string_view, N> values`.
template <class Enum>
struct enum_names;

template <class Enum>
concept named_enum = requires {
  enum_names<Enum>::values;
};

/// @returns the name of `x` as users read and write it.
template <named_enum Enum>
constexpr std::string_view name_of(Enum x) {
  return enum_names<Enum>::values.at(static_cast<std::size_t>(x));
}

template <named_enum Enum>
constexpr std::optional<Enum> parse_enum(std::string_view name) {
  const auto& names = enum_names<Enum>::values;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return static_cast<Enum>(i);
  return std::nullopt;
}

} // namespace orc
