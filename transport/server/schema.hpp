#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/names.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/timestamp.hpp"
#include "messages/base/units.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace orc::server {

/// The named schemas of an OpenAPI document, made from the `fields` lists of
/// the structs: what the document says and what JSON does cannot differ.
class schema_book {
public:
  /// @returns the schema of `T`: a reference if it is a struct.
  template <class T>
  std::string schema_of();

  const std::map<std::string, std::string>& named() const noexcept {
    return named_;
  }

private:
  template <class T>
  static constexpr bool is_vector = false;
  template <class T>
  static constexpr bool is_map = false;
  template <class T>
  static constexpr bool is_optional = false;

  template <described T>
  std::string describe_struct();

  std::map<std::string, std::string> named_;
};

template <class T>
inline constexpr bool schema_book::is_vector<std::vector<T>> = true;
template <class K, class T>
inline constexpr bool schema_book::is_map<std::map<K, T>> = true;
template <class T>
inline constexpr bool schema_book::is_optional<std::optional<T>> = true;

template <named_enum T>
std::string enum_schema() {
  std::string values;
  for (auto name : enum_names<T>::values)
    values.append(values.empty() ? "" : ",").append(json_quote(name));
  return fmt::format(R"({{"type":"string","enum":[{}]}})", values);
}

template <class T>
std::string schema_book::schema_of() {
  if constexpr (std::is_same_v<T, bool>)
    return R"({"type":"boolean"})";
  else if constexpr (named_enum<T>)
    return enum_schema<T>();
  else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>)
    return R"({"type":"integer"})";
  else if constexpr (std::is_integral_v<T> || std::is_same_v<T, mebibytes>)
    return R"({"type":"integer","minimum":0})";
  else if constexpr (std::is_floating_point_v<T>)
    return R"({"type":"number"})";
  else if constexpr (std::is_same_v<T, std::string>)
    return R"({"type":"string"})";
  else if constexpr (std::is_same_v<T, timestamp>)
    return R"({"type":"string","format":"date-time"})";
  else if constexpr (std::is_same_v<T, secret>)
    return R"({"type":"string","format":"password","writeOnly":true})";
  else if constexpr (std::is_same_v<T, json_text>)
    return R"({"description":"Any JSON."})";
  else if constexpr (is_optional<T>)
    return schema_of<typename T::value_type>();
  else if constexpr (is_vector<T>)
    return fmt::format(R"({{"type":"array","items":{}}})",
                       schema_of<typename T::value_type>());
  else if constexpr (is_map<T>)
    return fmt::format(R"({{"type":"object","additionalProperties":{}}})",
                       schema_of<typename T::mapped_type>());
  else
    return describe_struct<T>();
}

/// @returns a schema with a description and a unit, and null if it may be.
std::string annotate(std::string schema, presence need, std::string_view unit,
                     std::string_view doc);

template <described T>
std::string schema_book::describe_struct() {
  auto name = std::string{T::fields.name};
  auto reference = fmt::format(R"({{"$ref":"#/components/schemas/{}"}})", name);
  if (!named_.emplace(name, "").second)
    return reference;
  std::string properties;
  std::string required;
  for_each_field<T>([&]<class Info>(const Info& info) {
    using member
      = std::remove_cvref_t<decltype(std::declval<T&>().*info.member)>;
    properties.append(properties.empty() ? "" : ",")
      .append(json_quote(info.name) + ":"
              + annotate(schema_of<member>(), info.need, info.unit, info.doc));
    if (info.need != presence::optional)
      required.append(required.empty() ? "" : ",")
        .append(json_quote(info.name));
  });
  named_[name] = fmt::format(
    R"({{"type":"object","description":{},"properties":{{{}}},"required":[{}]}})",
    json_quote(T::fields.doc), properties, required);
  return reference;
}

} // namespace orc::server
