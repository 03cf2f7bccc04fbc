#include "actors/splitter/item_template.hpp"

#include "messages/json/json.hpp"
#include "messages/json/scanner.hpp"

#include <fmt/format.h>

namespace orc {

namespace {

constexpr std::string_view place_start = "{\"$items\":";
constexpr std::string_view item_mark = "\"$item\"";

caf::error bad(std::string_view problem) {
  return make_error(ec::bad_field, std::string{problem});
}

/// @returns where `mark` stands in compact JSON, not inside of a string.
/// @param mark must begin with a character that begins a value.
std::size_t
find_value(std::string_view text, std::string_view mark, std::size_t from) {
  for (auto at = from; at < text.size();) {
    if (text.substr(at).starts_with(mark))
      return at;
    if (text[at] != '"') {
      ++at;
      continue;
    }
    json_scanner string{text.substr(at)};
    at += string.value().size();
  }
  return std::string_view::npos;
}

struct member {
  std::string_view name;
  std::string_view value;
};

/// @returns the only member of an object; nothing if it has more or none.
std::optional<member> only_member(std::string_view object) {
  json_scanner in{object};
  if (!in.take('{') || in.take('}'))
    return std::nullopt;
  member result;
  result.name = in.value();
  in.take(':');
  result.value = in.value();
  if (!in.take('}'))
    return std::nullopt;
  return result;
}

} // namespace

caf::expected<item_template>
item_template::parse(std::string_view document, std::string_view name) {
  auto result = read(document);
  if (!result)
    return make_error(code_of(result.error()),
                      fmt::format("{}: {}", name, message_of(result.error())));
  return result;
}

caf::expected<item_template> item_template::read(std::string_view document) {
  auto text = minify_json(document);
  if (!text)
    return make_error(ec::bad_json, message_of(text.error()));
  auto at = find_value(*text, place_start, 0);
  if (at == std::string::npos)
    return bad("must hold {\"$items\": …} where the items go, such as "
               "{\"startUrls\":{\"$items\":{\"url\":\"$item\"}}}");
  json_scanner in{std::string_view{*text}.substr(at)};
  auto place = in.value();
  auto rest = at + place.size();
  if (find_value(*text, place_start, rest) != std::string::npos)
    return bad("{\"$items\": …} is there twice");
  item_template result;
  result.head_ = text->substr(0, at);
  result.tail_ = text->substr(rest);
  if (auto err = result.read_place(place))
    return err;
  return result;
}

caf::error item_template::read_place(std::string_view place) {
  auto directive = only_member(place);
  if (!directive)
    return bad("the object with `$items` has other fields, too");
  auto how = directive->value;
  if (auto single = only_member(how)) {
    if (single->name == "\"join\"" && single->value.starts_with('"'))
      return read_join(single->value);
    if (single->name == "\"map\"")
      how = single->value;
  }
  if (how == "true" || how == "null" || how == "{}")
    how = item_mark;
  if (find_value(how, item_mark, 0) == std::string_view::npos)
    return bad("`$items` must be \"$item\", a document with \"$item\" in it, "
               "or {\"join\": \"separator\"}");
  read_map(how);
  return {};
}

caf::error item_template::read_join(std::string_view separator) {
  joins_ = true;
  head_ += '"';
  tail_.insert(0, 1, '"');
  separator_ = separator.substr(1, separator.size() - 2);
  return {};
}

void item_template::read_map(std::string_view map) {
  head_ += '[';
  tail_.insert(0, 1, ']');
  separator_ = ",";
  std::size_t from = 0;
  for (auto at = find_value(map, item_mark, from); at != std::string_view::npos;
       at = find_value(map, item_mark, from)) {
    around_.emplace_back(map.substr(from, at - from));
    from = at + item_mark.size();
  }
  around_.emplace_back(map.substr(from));
}

caf::expected<std::string_view> item_template::map(std::string_view item) {
  if (joins_) {
    if (item.starts_with('"'))
      return item.substr(1, item.size() - 2);
    if (item.starts_with('{') || item.starts_with('['))
      return make_error(ec::bad_field,
                        "only strings and numbers can be joined; give a map");
    return item;
  }
  if (around_.size() == 2 && around_[0].empty() && around_[1].empty())
    return item;
  mapped_.assign(around_.front());
  for (std::size_t i = 1; i < around_.size(); ++i)
    mapped_.append(item).append(around_[i]);
  return std::string_view{mapped_};
}

std::string item_template::canonical() const {
  auto result = fmt::format("{}\n{}\n{}\n{}", head_, separator_, tail_,
                            joins_ ? "join" : "map");
  for (const auto& x : around_)
    result.append("\n").append(x);
  return result;
}

} // namespace orc
