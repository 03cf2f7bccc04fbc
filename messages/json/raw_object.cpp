#include "messages/json/raw_object.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "messages/json/read_document.hpp"
#include "messages/json/scanner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace orc {

namespace {

std::string decoded(std::string_view quoted) {
  rapidjson::Document x;
  json::read_document(quoted, x);
  return {x.GetString(), x.GetStringLength()};
}

std::optional<double> number_in(std::string_view raw) {
  rapidjson::Document x;
  if (json::read_document(raw, x) || !x.IsNumber())
    return std::nullopt;
  return x.GetDouble();
}

bool is_text(std::string_view raw) {
  return raw.starts_with('"');
}

/// Whether ISO 8601 has a text of four digits for the year: 0 to 9999.
bool has_plain_year(double millis) {
  return millis >= -62'167'219'200'000 && millis <= 253'402'300'799'999;
}

std::optional<timestamp> read_time(const std::string& text) {
  for (auto zone : {"", "Z", "T00:00:00Z"})
    if (auto x = parse_timestamp(text + zone))
      return x;
  return std::nullopt;
}

} // namespace

caf::expected<raw_object>
raw_object::read(std::string_view text, std::string path) {
  raw_object result;
  result.path_ = std::move(path);
  auto compact = minify_json(text.empty() ? "{}" : text);
  if (!compact)
    return std::move(compact.error());
  result.text_ = std::move(*compact);
  json_scanner in{result.text_};
  if (!in.take('{'))
    return make_error(ec::bad_field,
                      fmt::format("{}: must be an object", result.path_.empty()
                                                             ? "the body"
                                                             : result.path_));
  auto start = result.text_.data();
  while (!in.take('}')) {
    in.take(',');
    auto name = in.value();
    in.take(':');
    auto value = in.value();
    result.members_.emplace_back(
      decoded(name),
      std::pair{static_cast<std::size_t>(value.data() - start), value.size()});
  }
  return result;
}

std::vector<std::string> raw_object::names() const {
  std::vector<std::string> result;
  for (const auto& [name, at] : members_)
    result.push_back(name);
  return result;
}

bool raw_object::has(std::string_view name) const {
  return !raw(name).empty();
}

std::string_view raw_object::raw(std::string_view name) const {
  // The last one counts, as in JavaScript.
  auto found
    = std::find_if(members_.rbegin(), members_.rend(),
                   [&](const auto& member) { return member.first == name; });
  if (found == members_.rend())
    return {};
  auto [at, size] = found->second;
  return std::string_view{text_}.substr(at, size);
}

std::optional<std::string> raw_object::text(std::string_view name) {
  if (is_default(name))
    return std::nullopt;
  auto value = raw(name);
  if (is_text(value))
    return decoded(value);
  must_be(name, "a string");
  return std::nullopt;
}

double raw_object::number(std::string_view name, double otherwise) {
  if (is_default(name))
    return otherwise;
  if (auto x = number_in(raw(name)))
    return *x;
  must_be(name, "a number");
  return otherwise;
}

std::int64_t
raw_object::integer(std::string_view name, std::int64_t otherwise) {
  auto x = number(name, static_cast<double>(otherwise));
  if (x == std::floor(x) && std::abs(x) < 9e15)
    return static_cast<std::int64_t>(x);
  must_be(name, "an integer");
  return otherwise;
}

bool raw_object::flag(std::string_view name) {
  if (is_default(name))
    return false;
  if (raw(name) != "true")
    must_be(name, "true or false");
  return true;
}

std::optional<timestamp> raw_object::time(std::string_view name) {
  if (is_default(name))
    return std::nullopt;
  auto value = raw(name);
  if (is_text(value)) {
    if (auto x = read_time(decoded(value)))
      return x;
  } else if (auto x = number_in(value); x && has_plain_year(*x)) {
    return timestamp{static_cast<std::int64_t>(*x)};
  }
  must_be(name, "a time such as 2026-11-22T17:33:05.120Z, or milliseconds "
                "since 1970");
  return std::nullopt;
}

json_text raw_object::any(std::string_view name) const {
  return is_default(name) ? json_text{} : json_text{std::string{raw(name)}};
}

std::optional<std::vector<std::string>>
raw_object::array(std::string_view name) {
  if (is_default(name))
    return std::nullopt;
  json_scanner in{raw(name)};
  std::vector<std::string> result;
  if (!in.take('[')) {
    must_be(name, "an array");
    return std::nullopt;
  }
  while (!in.take(']')) {
    in.take(',');
    result.emplace_back(in.value());
  }
  return result;
}

std::optional<std::vector<std::string>>
raw_object::texts(std::string_view name) {
  auto result = array(name);
  if (!result)
    return result;
  for (auto& x : *result) {
    if (is_text(x))
      x = decoded(x);
    else if (!number_in(x))
      must_be(name, "an array of strings");
  }
  return result;
}

std::string raw_object::where(std::string_view name) const {
  return path_.empty() ? std::string{name} : fmt::format("{}.{}", path_, name);
}

bool raw_object::is_default(std::string_view name) const {
  auto value = raw(name);
  if (value.empty() || value == "null" || value == "false" || value == "\"\"")
    return true;
  if (value.front() != '-' && value.front() != '0')
    return false;
  auto number = number_in(value);
  return number && *number == 0;
}

void raw_object::must_be(std::string_view name, std::string_view what) {
  if (problem_)
    return;
  auto value = std::string{raw(name)};
  if (value.size() > 60)
    value = value.substr(0, 57) + "...";
  problem_ = make_error(ec::bad_field, fmt::format("{}: must be {}, not {}",
                                                   where(name), what, value));
}

} // namespace orc
