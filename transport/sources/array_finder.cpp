#include "transport/sources/array_finder.hpp"

#include "messages/json/raw_object.hpp"
#include "transport/sources/file_place.hpp"
#include "transport/sources/value_end.hpp"

#include <fmt/format.h>

#include <charconv>

namespace orc {

namespace {

caf::error wrong(std::string_view what) {
  return make_error(ec::bad_json, std::string{what});
}

/// @returns the names of an RFC 6901 pointer.
std::vector<std::string> tokens_of(std::string_view pointer) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    auto c = pointer[i];
    if (c == '/') {
      result.emplace_back();
    } else if (c == '~' && i + 1 < pointer.size() && !result.empty()) {
      result.back() += pointer[++i] == '1' ? '/' : '~';
    } else if (!result.empty()) {
      result.back() += c;
    }
  }
  return result;
}

} // namespace

caf::error array_finder::find(const std::string& pointer) {
  for (const auto& token : tokens_of(pointer))
    if (auto err = enter(token))
      return err;
  auto c = window_->next();
  if (!c)
    return std::move(c.error());
  if (*c == '[')
    return step_over('[');
  return wrong(
    pointer.empty()
      ? std::string{"is no JSON array; are the documents one a line (ndjson), "
                    "or is it in an object (pointer)?"}
      : fmt::format("what the pointer {} leads to is no array", pointer));
}

caf::error array_finder::enter(const std::string& token) {
  auto c = window_->next();
  if (!c)
    return std::move(c.error());
  if (*c == '{')
    return enter_object(token);
  if (*c == '[')
    return enter_array(token);
  return wrong(fmt::format("there is no `{}`, where the pointer leads", token));
}

caf::error array_finder::enter_object(const std::string& token) {
  auto opening = '{';
  while (true) {
    if (auto err = step_over(opening))
      return err;
    opening = ',';
    auto name = read_name();
    if (!name)
      return std::move(name.error());
    if (*name == token)
      return {};
    if (auto err = skip_value())
      return err;
    auto c = window_->next();
    if (!c)
      return std::move(c.error());
    if (*c != ',')
      return wrong(
        fmt::format("there is no `{}`, where the pointer leads", token));
  }
}

caf::error array_finder::enter_array(const std::string& token) {
  std::uint64_t index = 0;
  auto [end, error]
    = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc{} || end != token.data() + token.size())
    return wrong(fmt::format("there is an array where the pointer leads, and "
                             "`{}` is no number",
                             token));
  auto opening = '[';
  while (true) {
    if (auto err = step_over(opening))
      return err;
    opening = ',';
    if (index-- == 0)
      return {};
    if (auto err = skip_value())
      return err;
    auto c = window_->next();
    if (!c)
      return std::move(c.error());
    if (*c != ',')
      return wrong(
        fmt::format("there is no element {}, where the pointer leads", token));
  }
}

caf::error array_finder::skip_value() {
  value_end end;
  while (true) {
    auto text = window_->ahead();
    auto at = end.find(text);
    auto is_over = at < text.size();
    window_->advance(at);
    if (is_over)
      return {};
    auto got = window_->more();
    if (!got)
      return std::move(got.error());
    if (!*got)
      return {};
  }
}

caf::expected<std::string> array_finder::read_name() {
  auto c = window_->next();
  if (!c)
    return std::move(c.error());
  if (*c != '"')
    return wrong("a quoted name was expected, where the pointer leads");
  std::size_t end = 1;
  std::string_view text;
  for (auto escaped = false;; ++end) {
    while (end == window_->ahead().size()) {
      auto got = window_->more();
      if (!got)
        return std::move(got.error());
      if (!*got || end > max_item_bytes)
        return wrong("a name has no end");
    }
    text = window_->ahead();
    if (!escaped && text[end] == '"')
      break;
    escaped = !escaped && text[end] == '\\';
  }
  auto object
    = raw_object::read(fmt::format("{{{}:0}}", text.substr(0, end + 1)));
  if (!object)
    return wrong("a name is no JSON string");
  auto name = object->names().front();
  window_->advance(end + 1);
  if (auto err = step_over(':'))
    return err;
  return name;
}

caf::error array_finder::step_over(char wanted) {
  auto c = window_->next();
  if (!c)
    return std::move(c.error());
  if (*c != wanted)
    return wrong(
      fmt::format("`{}` was expected, where the pointer leads", wanted));
  window_->advance(1);
  return {};
}

} // namespace orc
