#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace orc::server {

/// Makes a request with an `Idempotency-Key` do the same however often it is
/// sent. What it submits without a name is named after the key: so the same key
/// joins the same runs after a restart, too. That a key is used again for
/// something else is noticed for the last 10,000 keys of this process.
class idempotency {
public:
  /// @returns the name of a run of the request.
  /// @param index which of its runs.
  static std::string make_name(std::string_view key, std::size_t index);

  /// @returns whether the key was used with another body.
  bool conflicts(std::string_view key, std::string_view body) const;

  void remember(std::string_view key, std::string_view body);

private:
  std::unordered_map<std::string, std::string> bodies_;
  std::deque<std::string> order_;
};

} // namespace orc::server
