#pragma once

#include "app/config/config.hpp"
#include "messages/base/error.hpp"
#include "messages/base/json_text.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace orc::app {

template <class T>
inline constexpr bool is_list = false;

template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

/// Written as a value in brackets, not as tables.
using text_list = std::vector<std::string>;

template <>
inline constexpr bool is_list<text_list> = false;

/// Written as a value in braces.
using text_map = std::map<std::string, secret>;

/// Whether it is made of texts, which only the file can hold.
template <class T>
inline constexpr bool is_compound
  = std::is_same_v<T, text_list> || std::is_same_v<T, text_map>;

/// Written as a table, or as JSON in quotes.
template <class T>
inline constexpr bool is_json = std::is_same_v<T, json_text>;

/// Whether the file has it in quotes.
template <class T>
inline constexpr bool is_text
  = std::is_same_v<T,
                   std::string> || std::is_same_v<T, secret> || named_enum<T>;

/// @returns what a value must be: `a number of seconds`.
template <class T>
std::string expectation() {
  if constexpr (named_enum<T>)
    return fmt::format("one of {}", fmt::join(enum_names<T>::values, ", "));
  else if constexpr (is_text<T>)
    return "a text in quotes";
  else if constexpr (std::is_same_v<T, text_list>)
    return "a list of texts in brackets";
  else if constexpr (is_json<T>)
    return "a table, or a JSON object in quotes";
  else if constexpr (std::is_same_v<T, text_map>)
    return "a table of texts";
  else if constexpr (std::is_same_v<T, bool>)
    return "true or false";
  else if constexpr (std::is_same_v<T, milliseconds>)
    return "a number of seconds, 0 or more";
  else if constexpr (std::is_same_v<T, double>)
    return "a number, 0 or more";
  else
    return "a whole number, 0 or more";
}

inline bool parse_number(std::string_view text, double& x) {
  auto last = text.data() + text.size();
  auto [end, err] = std::from_chars(text.data(), last, x);
  return err == std::errc{} && end == last && x >= 0;
}

inline bool parse_number(std::string_view text, std::uint64_t& x) {
  auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), x);
  return err == std::errc{} && end == text.data() + text.size();
}

inline bool parse_number(std::string_view text, milliseconds& x) {
  double seconds = 0;
  auto last = text.data() + text.size();
  auto [end, err] = std::from_chars(text.data(), last, seconds);
  // A year: more is a slip, and far from overflowing anything.
  if (err != std::errc{} || end != last || !(seconds >= 0)
      || seconds > 31'536'000)
    return false;
  x = milliseconds{static_cast<std::int64_t>(seconds * 1000 + 0.5)};
  return true;
}

inline bool parse_number(std::string_view text, bool& x) {
  x = text == "true";
  return x || text == "false";
}

inline bool parse_number(std::string_view text, mebibytes& x) {
  return parse_number(text, x.count);
}

template <class T>
bool parse_number(std::string_view text, std::optional<T>& x) {
  return parse_number(text, x.emplace());
}

inline std::string parse_json(const std::string& text, json_text& x) {
  auto json = minify_json(text);
  if (!json || !json->starts_with('{'))
    return fmt::format("must be {}{}", expectation<json_text>(),
                       json ? "" : ": " + message_of(json.error()));
  x = json_text{std::move(*json)};
  return {};
}

/// Reads a value as it stands in an environment variable.
/// @returns what is wrong with it, or "". Never quotes a secret.
template <class T>
std::string parse_value(const std::string& text, T& x) {
  if constexpr (is_compound<T>) {
    return fmt::format("must be {}: set it in the configuration file",
                       expectation<T>());
  } else if constexpr (is_json<T>) {
    return parse_json(text, x);
  } else if constexpr (std::is_same_v<
                         T, std::string> || std::is_same_v<T, secret>) {
    x = T{text};
    return {};
  } else {
    if constexpr (named_enum<T>) {
      if (auto value = parse_enum<T>(text)) {
        x = *value;
        return {};
      }
    } else if (parse_number(text, x)) {
      return {};
    }
    return fmt::format("must be {}, not {}", expectation<T>(), text);
  }
}

inline std::string print_list(const text_list& xs) {
  std::string result;
  for (const auto& x : xs)
    result += (result.empty() ? "[" : ", ") + json_quote(x);
  return result.empty() ? result : result + "]";
}

/// Values may be secret: none is told.
inline std::string print_map(const text_map& xs) {
  std::string result;
  for (const auto& x : xs)
    result
      += (result.empty() ? "{ " : ", ") + json_quote(x.first) + " = \"***\"";
  return result.empty() ? result : result + " }";
}

/// @returns a value as it stands in the file, a secret as `***`; "" if none.
template <class T>
std::string print_value(const T& x) {
  if constexpr (named_enum<T>)
    return fmt::format("\"{}\"", name_of(x));
  else if constexpr (std::is_same_v<T, secret>)
    return x.empty() ? "" : "\"***\"";
  else if constexpr (std::is_same_v<T, text_list>)
    return print_list(x);
  else if constexpr (std::is_same_v<T, text_map>)
    return print_map(x);
  else if constexpr (is_json<T>)
    return x.empty() ? "" : json_quote(x.view());
  else if constexpr (std::is_same_v<T, milliseconds>)
    return fmt::format("{}", static_cast<double>(x.count()) / 1000);
  else if constexpr (std::is_same_v<T, mebibytes>)
    return std::to_string(x.count);
  else if constexpr (requires { x.has_value(); })
    return x ? print_value(*x) : "";
  else if constexpr (std::is_same_v<T, std::string>)
    return x.empty() ? "" : json_quote(x);
  else
    return fmt::format("{}", x);
}

} // namespace orc::app
