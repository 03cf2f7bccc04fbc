#include "app/config/config_file.hpp"

#include "app/config/option_value.hpp"
#include "app/text/file_text.hpp"
#include "app/text/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>
#include <toml.hpp>

namespace orc::app {

namespace {

/// Where an option stands, for error messages.
struct place {
  const std::string& file;
  /// Dotted, such as `log.level` or `accounts[1].name`.
  std::string option;
  std::size_t line = 0;

  place inside(std::string_view name, const toml::value& value) const {
    auto dot = option.empty() ? "" : ".";
    return {file, fmt::format("{}{}{}", option, dot, name),
            value.location().line()};
  }

  caf::error fail(std::string_view problem) const {
    return make_error(ec::bad_config, fmt::format("{}:{}: {}: {}", file, line,
                                                  option, problem));
  }
};

/// @returns a scalar as a user would write it on a command line.
std::string text_of(const toml::value& x) {
  if (x.is_string())
    return x.as_string().str;
  if (x.is_boolean())
    return x.as_boolean() ? "true" : "false";
  if (x.is_integer())
    return std::to_string(x.as_integer());
  if (x.is_floating())
    return fmt::format("{}", x.as_floating());
  return {};
}

template <described T>
caf::error take_table(const toml::value& in, T& x, const place& where);

caf::error take_texts(const toml::value& in, text_list& x, const place& where) {
  auto wrong = where.fail(fmt::format("must be {}", expectation<text_list>()));
  if (!in.is_array())
    return wrong;
  x.clear();
  for (const auto& element : in.as_array()) {
    if (!element.is_string())
      return wrong;
    x.push_back(element.as_string().str);
  }
  return {};
}

caf::error take_texts(const toml::value& in, text_map& x, const place& where) {
  auto wrong = where.fail(fmt::format("must be {}", expectation<text_map>()));
  if (!in.is_table())
    return wrong;
  x.clear();
  for (const auto& [name, value] : in.as_table()) {
    if (!value.is_string())
      return wrong;
    x.emplace(name, secret{value.as_string().str});
  }
  return {};
}

std::string json_of(const toml::value& x);

/// Tables have no order of their own: that of the alphabet.
std::string json_of(const toml::table& x) {
  std::map<std::string, std::string> members;
  for (const auto& [name, value] : x)
    members.emplace(json_quote(name), json_of(value));
  std::string result;
  for (const auto& [name, value] : members)
    result += fmt::format("{}{}:{}", result.empty() ? "" : ",", name, value);
  return "{" + result + "}";
}

/// @returns a value as JSON; dates and times as texts.
std::string json_of(const toml::value& x) {
  if (x.is_table())
    return json_of(x.as_table());
  if (x.is_array()) {
    std::vector<std::string> items;
    for (const auto& item : x.as_array())
      items.push_back(json_of(item));
    return fmt::format("[{}]", fmt::join(items, ","));
  }
  if (x.is_string())
    return json_quote(x.as_string().str);
  if (x.is_boolean() || x.is_integer() || x.is_floating())
    return text_of(x);
  return json_quote(toml::format(x));
}

/// Options may be written in camelCase, too, as in JSON.
std::string camel_case(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i)
    if (name[i] == '_' && i + 1 < name.size())
      result += static_cast<char>(
        std::toupper(static_cast<unsigned char>(name[++i])));
    else
      result += name[i];
  return result;
}

/// @returns the sentence that describes an option, as the end of another one.
std::string as_hint(std::string_view doc) {
  auto result = std::string{doc};
  if (result.ends_with('.'))
    result.pop_back();
  if (!result.empty())
    result[0]
      = static_cast<char>(std::tolower(static_cast<unsigned char>(result[0])));
  return result;
}

template <class T>
caf::error take(const toml::value& in, T& x, const place& where) {
  if constexpr (described<T>) {
    return take_table(in, x, where);
  } else if constexpr (is_compound<T>) {
    return take_texts(in, x, where);
  } else if constexpr (is_list<T>) {
    if (!in.is_array())
      return where.fail("must be written as [[tables]]");
    x.clear();
    for (const auto& element : in.as_array()) {
      auto at = place{where.file, fmt::format("{}[{}]", where.option, x.size()),
                      element.location().line()};
      if (auto err = take(element, x.emplace_back(), at))
        return err;
    }
    return {};
  } else if constexpr (is_json<T>) {
    if (!in.is_table() && !in.is_string())
      return where.fail(fmt::format("must be {}", expectation<T>()));
    auto problem
      = parse_value(in.is_table() ? json_of(in) : in.as_string().str, x);
    return problem.empty() ? caf::error{} : where.fail(problem);
  } else {
    if (in.is_string() != is_text<T>)
      return where.fail(fmt::format("must be {}", expectation<T>()));
    auto problem = parse_value(text_of(in), x);
    return problem.empty() ? caf::error{} : where.fail(problem);
  }
}

template <described T>
caf::error take_table(const toml::value& in, T& x, const place& where) {
  if (!in.is_table())
    return where.fail("must be a table");
  std::vector<std::string_view> known;
  for_each_field<T>([&](const auto& info) { known.push_back(info.name); });
  for (const auto& [name, value] : in.as_table())
    if (std::none_of(known.begin(), known.end(),
                     [&name = name](std::string_view y) {
                       return y == name || camel_case(y) == name;
                     }))
      return where.inside(name, value)
        .fail("is no known option" + did_you_mean(name, known));
  caf::error result;
  for_each_field<T>([&](const auto& info) {
    auto name = std::string{info.name};
    if (result)
      return;
    if (!in.contains(name))
      if (auto other = camel_case(name); in.contains(other))
        name = other;
    if (in.contains(name))
      result
        = take(in.at(name), x.*info.member, where.inside(name, in.at(name)));
    else if (info.need == presence::required)
      result = where.inside(name, in).fail("is missing: " + as_hint(info.doc));
  });
  return result;
}

/// Sets `name`, such as `data` or `log.level`.
/// @returns what is wrong with the text, or "".
template <described T>
std::string set_in(T& x, std::string_view name, const std::string& text) {
  std::string result;
  for_each_field<T>([&](const auto& info) {
    using value_type = std::decay_t<decltype(x.*info.member)>;
    if constexpr (described<value_type>) {
      auto prefix = std::string{info.name} + '.';
      if (name.starts_with(prefix))
        result = set_in(x.*info.member, name.substr(prefix.size()), text);
    } else if constexpr (!is_list<value_type>) {
      if (info.name == name)
        result = parse_value(text, x.*info.member);
    }
  });
  return result;
}

template <described T>
caf::error take_text(std::string_view text, const std::string& path, T& x) {
  try {
    auto in = std::istringstream{std::string{text}};
    return take_table(toml::parse(in, path), x, place{path, "", 1});
  } catch (const toml::exception& problem) {
    // The first line of toml11's drawing says it all.
    auto what = std::string_view{problem.what()};
    what.remove_prefix(what.starts_with("[error] ") ? 8 : 0);
    return make_error(ec::bad_config,
                      fmt::format("{}:{}: {}", path, problem.location().line(),
                                  what.substr(0, what.find('\n'))));
  }
}

} // namespace

caf::error
read_config_text(std::string_view text, const std::string& path, config& x) {
  return take_text(text, path, x);
}

caf::error read_config_file(const std::string& path, config& x) {
  auto text = read_file(path);
  if (!text)
    return text.error();
  return read_config_text(*text, path, x);
}

caf::error set_option(config& x, std::string_view name, const std::string& text,
                      const std::string& source) {
  auto problem = set_in(x, name, text);
  if (problem.empty())
    return {};
  return make_error(ec::bad_config, fmt::format("{}: {}", source, problem));
}

} // namespace orc::app
