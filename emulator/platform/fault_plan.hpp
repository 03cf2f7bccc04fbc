#pragma once

#include "emulator/api/router.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace orc::emulator {

enum class fault_kind : std::uint8_t {
  error_500,
  error_429,
  /// Dropped before anything is done.
  cut,
  /// Done, then dropped without an answer.
  lost,
  /// Done, then dropped within the answer.
  half,
  /// Done, but answered 500.
  created_500,
  /// Done late.
  slow,
};

struct fault {
  fault_kind kind = fault_kind::error_500;
  /// How late, if it is slow.
  std::chrono::milliseconds delay{2000};
};

/// @returns the fault called such as `created-500`, or nothing.
std::optional<fault_kind> parse_fault_kind(std::string_view text);

/// Decides which requests go wrong, and how, by rates such as
/// `start.500=0.05,start.lost=0.02,any.slow=0.01:2000ms`. Scopes: start, get,
/// list, abort, resurrect, push, any. The same seed makes the same decisions.
class fault_plan {
public:
  explicit fault_plan(std::uint64_t seed) : random_(seed) {
    // nop
  }

  /// Replaces the rates; "" means none.
  /// @returns what is wrong with the text, or ""
  std::string set(std::string_view text);

  bool empty() const noexcept {
    return rates_.empty();
  }

  /// @param route such as `POST /v2/actors/{actorId}/runs`
  std::optional<fault> draw(std::string_view route);

  const std::string& text() const noexcept {
    return text_;
  }

private:
  struct rate {
    fault what;
    double probability = 0;
  };

  std::string add(std::string_view part,
                  std::multimap<std::string, rate, std::less<>>& result);
  std::optional<fault> draw_scope(std::string_view scope);

  std::mt19937_64 random_;
  std::multimap<std::string, rate, std::less<>> rates_;
  std::string text_;
};

/// What a route is called in fault rates, such as `start`; "" if it has no
/// name of its own.
std::string_view fault_scope(std::string_view route);

/// Lets `fault` happen to a request before its handler is called.
/// @returns whether the handler is called now
bool apply_before(const fault& what, const context_ptr& ctx);

} // namespace orc::emulator
