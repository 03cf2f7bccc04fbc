#pragma once

#include "messages/hooks.hpp"
#include "messages/report.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace orc::server {

/// Counts the requests that were answered.
class request_counters {
public:
  /// Methods that HTTP does not have count as one.
  /// @param route one of few: the pattern of a path.
  void count(std::string_view method, std::string_view route, int status);

  /// Appends the counts in the text format of Prometheus.
  void render(std::string& out) const;

private:
  std::map<std::tuple<std::string, std::string, int>, std::uint64_t> counts_;
};

/// @returns how everything stands, in the text format of Prometheus.
std::string render_metrics(const report& x, const hook_views& hooks,
                           const request_counters& requests);

} // namespace orc::server
