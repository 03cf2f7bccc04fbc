#pragma once

#include "messages/base/fields.hpp"

#include <fmt/format.h>

#include <compare>
#include <cstdint>

namespace orc {

/// An amount of memory, in the unit in which Apify sells it.
struct mebibytes {
  std::uint64_t count = 0;

  friend auto operator<=>(mebibytes, mebibytes) = default;

  friend constexpr mebibytes operator+(mebibytes x, mebibytes y) {
    return {x.count + y.count};
  }

  /// @pre `y <= x`
  friend constexpr mebibytes operator-(mebibytes x, mebibytes y) {
    return {x.count - y.count};
  }

  template <class Inspector>
  friend auto inspect(Inspector& f, mebibytes& x) {
    return f(x.count);
  }
};

/// The largest amount of money that anybody may name, in USD: sums of such
/// amounts fit into whole nano-dollars.
inline constexpr double max_usd = 1e9;

/// Identifies a run in its store, across restarts; grows with submission.
struct run_key {
  std::uint64_t value = 0;

  friend auto operator<=>(run_key, run_key) = default;

  template <class Inspector>
  friend auto inspect(Inspector& f, run_key& x) {
    return f(x.value);
  }
};

namespace literals {

consteval mebibytes operator""_MiB(unsigned long long count) {
  return {count};
}

} // namespace literals

} // namespace orc

template <>
struct fmt::formatter<orc::mebibytes> : fmt::formatter<std::uint64_t> {
  template <class Context>
  auto format(orc::mebibytes x, Context& ctx) const {
    return fmt::format_to(ctx.out(), "{} MiB", x.count);
  }
};

template <>
struct fmt::formatter<orc::run_key> : fmt::formatter<std::uint64_t> {
  template <class Context>
  auto format(orc::run_key x, Context& ctx) const {
    return fmt::format_to(ctx.out(), "{}", x.value);
  }
};

template <>
struct std::hash<orc::run_key> {
  std::size_t operator()(orc::run_key x) const noexcept {
    return std::hash<std::uint64_t>{}(x.value);
  }
};
