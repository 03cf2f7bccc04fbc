#pragma once

#include "messages/reader.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace orc::test {

/// A dataset as the platform answers for it. Items that begin with `-` are
/// empty: `clean` leaves them out.
struct dataset {
  std::vector<std::string> items;
  /// How far the platform's count is behind.
  std::size_t lag = 0;
  /// Gives no more than this at a time, whatever is asked for.
  std::size_t most = 1'000'000;
  /// Items that were asked for.
  mutable std::size_t given = 0;

  void add(const std::string& prefix, int count) {
    for (int i = 0; i < count; ++i)
      items.push_back(prefix + std::to_string(items.size()));
  }

  items_page page(const get_items& x) const {
    items_page result;
    std::string body;
    auto end = std::min<std::uint64_t>(
      items.size(), x.offset + std::min<std::uint64_t>(x.limit, most));
    for (auto i = x.offset; i < end; ++i) {
      if (x.query.find("clean=1") != std::string::npos && items[i][0] == '-')
        continue;
      body += items[i] + "\n";
      ++result.count;
    }
    given += result.count;
    result.body = json_text{std::move(body)};
    result.total = items.size() - std::min(lag, items.size());
    return result;
  }
};

} // namespace orc::test
