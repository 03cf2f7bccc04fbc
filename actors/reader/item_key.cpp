#include "actors/reader/item_key.hpp"

#include "messages/json/json.hpp"
#include "messages/json/scanner.hpp"

#include <utility>

namespace orc {

namespace {

/// @returns the value of a field of an object without white space, or "".
std::string_view find_field(std::string_view object, std::string_view name) {
  auto quoted = json_quote(name);
  json_scanner in{object};
  if (!in.take('{') || in.take('}'))
    return {};
  do {
    auto found = in.value();
    in.take(':');
    auto value = in.value();
    if (found == quoted)
      return value;
  } while (in.take(','));
  return {};
}

std::string_view find_path(std::string_view object, std::string_view path) {
  if (auto whole = find_field(object, path); !whole.empty())
    return whole;
  auto dot = path.find('.');
  if (dot == std::string_view::npos)
    return {};
  auto inner = find_field(object, path.substr(0, dot));
  return inner.starts_with('{') ? find_path(inner, path.substr(dot + 1))
                                : std::string_view{};
}

} // namespace

item_key::item_key(std::vector<std::string> names) : names_{std::move(names)} {
  // nop
}

caf::expected<std::optional<std::string>>
item_key::of(std::string_view item) const {
  auto compact = minify_json(item);
  if (!compact)
    return std::move(compact.error());
  std::string result;
  auto has_any = false;
  for (const auto& name : names_) {
    auto value = find_path(*compact, name);
    has_any |= !value.empty();
    result.append(value).append("\n");
  }
  return has_any ? std::optional{std::move(result)} : std::nullopt;
}

} // namespace orc
