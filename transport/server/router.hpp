#pragma once

#include "transport/server/route.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orc::server {

using path_values = std::map<std::string, std::string, std::less<>>;

/// What a request is for.
struct match {
  /// None: there is no such path, or no such method of it.
  const route* found = nullptr;
  path_values values;
  /// The methods that the path has: none if there is no such path.
  std::string allowed;
};

/// @param path as sent: segments are decoded one by one, so that a name may
///             hold an escaped slash.
match find_route(const std::vector<route>& routes, std::string_view method,
                 std::string_view path);

} // namespace orc::server
