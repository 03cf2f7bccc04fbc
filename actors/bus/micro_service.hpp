#pragma once

#include "messages/base/timestamp.hpp"
#include "messages/bus/api_calls.hpp"
#include "messages/bus/micro.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// The service as NATS's tools see it: who it is, what it can be asked, and how
/// often it was.
class micro_service {
public:
  /// @param id of this process.
  micro_service(const std::string& instance, std::string id, timestamp started,
                const std::vector<api_verb>& verbs);

  /// @returns the answer to a request on `$SRV.…`; nothing if it is for others.
  std::optional<std::string> answer(std::string_view subject) const;

  /// Counts a request.
  /// @param error what was wrong; empty for a success.
  void count(std::string_view verb, std::chrono::nanoseconds took,
             std::string_view error);

private:
  /// @returns an answer of that type, without what only it has.
  template <class T>
  T begin() const;

  bool is_for_us(std::string_view rest) const;
  std::string stats() const;

  std::string id_;
  std::string instance_;
  timestamp started_;
  std::vector<micro_endpoint> endpoints_;
  std::map<std::string, micro_endpoint_stats, std::less<>> stats_;
};

} // namespace orc
