#pragma once

#include "transport/http/url.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace orc::server::v2 {

/// @returns a query, as sent, with only those entries whose decoded name
///          `keeps` takes.
template <class Predicate>
std::string filter_query(std::string_view query, Predicate keeps) {
  std::string result;
  while (!query.empty()) {
    auto end = std::min(query.find('&'), query.size());
    auto entry = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    auto name = http::percent_decode(entry.substr(0, entry.find('=')));
    if (!entry.empty() && keeps(name))
      result.append(result.empty() ? "" : "&").append(entry);
  }
  return result;
}

} // namespace orc::server::v2
