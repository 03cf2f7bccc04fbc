#pragma once

// Only for the sources of this folder: whoever includes it pays for RapidJSON.

#include "messages/base/json_text.hpp"
#include "messages/base/names.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/timestamp.hpp"
#include "messages/base/units.hpp"
#include "messages/json/json.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace orc::json {

using writer = rapidjson::Writer<rapidjson::StringBuffer>;

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;

template <template <class...> class Template, class... Ts>
inline constexpr bool is_a<Template<Ts...>, Template> = true;

template <class>
inline constexpr bool no_mapping = false;

// -- writing
// -------------------------------------------------------------------

void put(writer& out, std::string_view x);
void put(writer& out, const json_text& x);
void put(writer& out, double x);

template <described T>
void put_members(writer& out, const T& x);

template <class T>
void put(writer& out, const T& x) {
  if constexpr (std::is_same_v<T, bool>) {
    out.Bool(x);
  } else if constexpr (named_enum<T>) {
    put(out, name_of(x));
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    out.Int64(x);
  } else if constexpr (std::is_integral_v<T>) {
    out.Uint64(x);
  } else if constexpr (std::is_floating_point_v<T>) {
    put(out, static_cast<double>(x));
  } else if constexpr (std::is_same_v<T, std::string>) {
    put(out, std::string_view{x});
  } else if constexpr (std::is_same_v<T, mebibytes>) {
    out.Uint64(x.count);
  } else if constexpr (std::is_same_v<T, timestamp>) {
    put(out, std::string_view{to_string(x)});
  } else if constexpr (std::is_same_v<T, secret>) {
    put(out, std::string_view{"***"});
  } else if constexpr (is_a<T, std::optional>) {
    x ? put(out, *x) : static_cast<void>(out.Null());
  } else if constexpr (is_a<T, std::vector>) {
    out.StartArray();
    for (const auto& element : x)
      put(out, element);
    out.EndArray();
  } else if constexpr (is_a<T, std::map>) {
    out.StartObject();
    for (const auto& [key, value] : x) {
      out.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
      put(out, value);
    }
    out.EndObject();
  } else if constexpr (described<T>) {
    put_members(out, x);
  } else {
    static_assert(no_mapping<T>, "type has no JSON mapping");
  }
}

/// @returns whether an empty `x` is left out where it may be.
template <class T>
bool holds_nothing(const T& x) {
  if constexpr (is_a<T, std::optional>)
    return !x.has_value();
  else if constexpr (std::is_same_v<T, json_text>)
    return x.empty();
  else
    return false;
}

template <described T>
void put_members(writer& out, const T& x) {
  out.StartObject();
  for_each_field<T>([&](const auto& info) {
    const auto& value = x.*info.member;
    if (info.need == presence::optional && holds_nothing(value))
      return;
    out.Key(info.name.data(),
            static_cast<rapidjson::SizeType>(info.name.size()));
    put(out, value);
  });
  out.EndObject();
}

// -- reading
// -------------------------------------------------------------------

/// Where we are in a document, for error messages: `runs[3].options`.
class path {
public:
  path() = default;

  path(const path* parent, std::string_view field)
    : parent_{parent}, field_{field} {
    // nop
  }

  path(const path* parent, std::size_t index) : parent_{parent}, index_{index} {
    // nop
  }

  std::string str() const;

private:
  const path* parent_ = nullptr;
  std::string_view field_;
  std::size_t index_ = 0;
};

/// @returns `runs[3].name: must be a string, not 7`.
caf::error
must_be(const path& where, std::string_view what, const rapidjson::Value& got);

caf::error is_missing(const path& where, std::string_view field);

/// @param known names of all fields there are, for a hint.
caf::error is_unknown(const path& where, std::string_view field,
                      const std::vector<std::string_view>& known);

caf::error take(const rapidjson::Value& in, std::string& x, const path& where);
caf::error take(const rapidjson::Value& in, bool& x, const path& where);
caf::error take(const rapidjson::Value& in, double& x, const path& where);
caf::error take(const rapidjson::Value& in, timestamp& x, const path& where);
caf::error take(const rapidjson::Value& in, secret& x, const path& where);
caf::error take(const rapidjson::Value& in, json_text& x, const path& where);
caf::error take(const rapidjson::Value& in, mebibytes& x, const path& where);

template <described T>
caf::error take_members(const rapidjson::Value& in, T& x, const path& where);

template <class T>
caf::error take_integer(const rapidjson::Value& in, T& x, const path& where) {
  if constexpr (std::is_signed_v<T>) {
    if (!in.IsInt64() || static_cast<T>(in.GetInt64()) != in.GetInt64())
      return must_be(where, "an integer", in);
    x = static_cast<T>(in.GetInt64());
  } else {
    if (!in.IsUint64() || static_cast<T>(in.GetUint64()) != in.GetUint64())
      return must_be(where, "a non-negative integer", in);
    x = static_cast<T>(in.GetUint64());
  }
  return {};
}

template <named_enum T>
caf::error take_enum(const rapidjson::Value& in, T& x, const path& where) {
  if (in.IsString())
    if (auto value = parse_enum<T>({in.GetString(), in.GetStringLength()})) {
      x = *value;
      return {};
    }
  auto names = std::string{"one of "};
  for (auto name : enum_names<T>::values)
    names.append(names.size() > 7 ? ", " : "").append(name);
  return must_be(where, names, in);
}

template <class T>
caf::error take(const rapidjson::Value& in, T& x, const path& where) {
  if constexpr (named_enum<T>) {
    return take_enum(in, x, where);
  } else if constexpr (std::is_integral_v<T>) {
    return take_integer(in, x, where);
  } else if constexpr (is_a<T, std::optional>) {
    if (!in.IsNull())
      return take(in, x.emplace(), where);
    x.reset();
    return {};
  } else if constexpr (is_a<T, std::vector>) {
    if (!in.IsArray())
      return must_be(where, "an array", in);
    x.clear();
    x.reserve(in.Size());
    for (const auto& element : in.GetArray()) {
      auto at = path{&where, x.size()};
      if (auto err = take(element, x.emplace_back(), at))
        return err;
    }
    return {};
  } else if constexpr (is_a<T, std::map>) {
    if (!in.IsObject())
      return must_be(where, "an object", in);
    for (const auto& member : in.GetObject()) {
      auto name = std::string_view{member.name.GetString(),
                                   member.name.GetStringLength()};
      if (auto err
          = take(member.value, x[std::string{name}], path{&where, name}))
        return err;
    }
    return {};
  } else if constexpr (described<T>) {
    return take_members(in, x, where);
  } else {
    static_assert(no_mapping<T>, "type has no JSON mapping");
  }
}

/// Reads the member that `info` describes, if it is there.
template <class T, class Info>
caf::error take_member(const rapidjson::Value& in, T& x, const Info& info,
                       const path& where) {
  auto name = rapidjson::Value{rapidjson::StringRef(
    info.name.data(), static_cast<rapidjson::SizeType>(info.name.size()))};
  auto member = in.FindMember(name);
  if (member == in.MemberEnd())
    return info.need == presence::required ? is_missing(where, info.name)
                                           : caf::error{};
  return take(member->value, x.*info.member, path{&where, info.name});
}

template <described T>
caf::error take_members(const rapidjson::Value& in, T& x, const path& where) {
  if (!in.IsObject())
    return must_be(where, "an object", in);
  std::vector<std::string_view> known;
  for_each_field<T>([&](const auto& info) { known.push_back(info.name); });
  for (const auto& member : in.GetObject()) {
    auto name = std::string_view{member.name.GetString(),
                                 member.name.GetStringLength()};
    if (std::find(known.begin(), known.end(), name) == known.end())
      return is_unknown(where, name, known);
  }
  caf::error result;
  for_each_field<T>([&](const auto& info) {
    if (!result)
      result = take_member(in, x, info, where);
  });
  return result;
}

/// Parses `text`.
/// @returns `ec::bad_json` with line and column if it is none.
caf::error parse(std::string_view text, rapidjson::Document& result);

} // namespace orc::json

namespace orc {

template <class T>
std::string to_json(const T& x) {
  rapidjson::StringBuffer buffer;
  json::writer out{buffer};
  json::put(out, x);
  return {buffer.GetString(), buffer.GetSize()};
}

template <class T>
caf::expected<T> from_json(std::string_view text) {
  rapidjson::Document document;
  if (auto err = json::parse(text, document))
    return err;
  T result;
  if (auto err = json::take(document, result, json::path{}))
    return err;
  return result;
}

} // namespace orc
