#include "messages/json/merge.hpp"

#include "messages/json/json.hpp"
#include "messages/json/scanner.hpp"

#include <algorithm>
#include <vector>

namespace orc {

namespace {

struct member {
  /// In quotes.
  std::string_view name;
  std::string_view value;
};

/// @pre `text` is an object of compact JSON
std::vector<member> members_of(std::string_view text) {
  std::vector<member> result;
  json_scanner in{text};
  in.take('{');
  while (!in.take('}')) {
    auto& next = result.emplace_back();
    next.name = in.value();
    in.take(':');
    next.value = in.value();
    in.take(',');
  }
  return result;
}

caf::expected<std::string> read_object(std::string_view text) {
  if (text.empty())
    return std::string{"{}"};
  auto compact = minify_json(text);
  if (compact && !compact->starts_with('{'))
    return make_error(ec::bad_field, "must be an object");
  return compact;
}

} // namespace

caf::expected<std::string>
merge_objects(std::string_view under, std::string_view over) {
  auto lower = read_object(under);
  if (!lower)
    return lower.error();
  auto upper = read_object(over);
  if (!upper)
    return upper.error();
  auto own = members_of(*upper);
  auto is_own = [&](const member& x) {
    return std::any_of(own.begin(), own.end(),
                       [&](const member& y) { return x.name == y.name; });
  };
  auto all = members_of(*lower);
  std::erase_if(all, is_own);
  all.insert(all.end(), own.begin(), own.end());
  std::string result;
  for (const auto& x : all)
    result.append(result.empty() ? "{" : ",")
      .append(x.name)
      .append(":")
      .append(x.value);
  return result.empty() ? "{}" : result + "}";
}

} // namespace orc
