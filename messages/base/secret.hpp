#pragma once

#include <caf/detail/stringification_inspector.hpp>

#include <compare>
#include <string>
#include <type_traits>
#include <utility>

namespace orc {

/// A token or key. It has no way into a log, an error, a metric or JSON: only
/// `reveal` tells it, and whoever calls that answers for it.
class secret {
public:
  secret() = default;

  explicit secret(std::string value) : value_{std::move(value)} {
    // nop
  }

  const std::string& reveal() const noexcept {
    return value_;
  }

  bool empty() const noexcept {
    return value_.empty();
  }

  friend bool operator==(const secret&, const secret&) = default;

  template <class Inspector>
  friend auto inspect(Inspector& f, secret& x) {
    if constexpr (std::is_same_v<Inspector,
                                 caf::detail::stringification_inspector>) {
      auto masked = std::string{x.empty() ? "" : "***"};
      return f(masked);
    } else {
      return f(x.value_);
    }
  }

private:
  std::string value_;
};

} // namespace orc
